package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.orderstream.dev.EmbeddedRegistry;
import io.vertx.mutiny.core.Vertx;

class SchemaRegistrationTest {

    private static final Schema SCHEMA = new Schema.Parser()
            .parse("{\"type\": \"record\", \"name\": \"Thing\", \"namespace\": \"org.test\", \"fields\": []}");
    private static final List<String> SUBJECTS = List.of(SchemaRegistration.valueSubject("orders"), "orders-dlq-value");

    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.closeAndAwait();
    }

    @Test
    void shouldRegisterUnderEverySubject() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            // When
            int id = registration(registry.url(), true).idOf(SCHEMA, SUBJECTS).await().atMost(PATIENCE);

            // Then
            RegistryClient client = client(registry.url());
            assertThat(client.schemaById(id).await().atMost(PATIENCE)).isEqualTo(SCHEMA);
            assertThat(client.lookup("orders-value", SCHEMA).await().atMost(PATIENCE)).isEqualTo(id);
            assertThat(client.lookup("orders-dlq-value", SCHEMA).await().atMost(PATIENCE)).isEqualTo(id);
        }
    }

    @Test
    void shouldOnlyLookUpWhenTold() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            // Given
            SchemaRegistration lookup = registration(registry.url(), false);

            // When
            assertThatThrownBy(() -> lookup.idOf(SCHEMA, SUBJECTS).await().atMost(PATIENCE))
                    .isExactlyInstanceOf(RegistryRejectedException.class)
                    .hasMessageContaining("org.test.Thing").hasMessageContaining("'orders-value'")
                    .hasMessageContaining("SCHEMA_AUTO_REGISTER");
            registration(registry.url(), true).idOf(SCHEMA, SUBJECTS).await().atMost(PATIENCE);

            // Then
            assertThat(lookup.idOf(SCHEMA, SUBJECTS).await().atMost(PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void shouldSayWhatTheRegistrySaysAgainstTheSchema() throws IOException {
        try (Node node = new Node(409, "{\"error_code\": 409, \"message\": \"reader lacks field x\"}")) {
            assertThatThrownBy(() -> registration(node.url(), true).idOf(SCHEMA, SUBJECTS).await().atMost(PATIENCE))
                    .isExactlyInstanceOf(RegistryRejectedException.class)
                    .hasMessage("The schema registry refuses schema org.test.Thing under subject 'orders-value' "
                            + "(HTTP 409, code 409): reader lacks field x");
        }
    }

    @Test
    void shouldWaitForTheRegistry() throws IOException {
        try (Node node = new Node(503, "")) {
            // Given
            CompletableFuture<Integer> id = registration(node.url(), true).idOf(SCHEMA, SUBJECTS)
                    .subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(() -> node.requests().size() >= 5);
            assertThat(id).isNotDone();

            // When
            node.answer(200, "{\"id\": 3}");

            // Then
            assertThat(id).succeedsWithin(PATIENCE.toSeconds(), TimeUnit.SECONDS).isEqualTo(3);
        }
    }

    private static SchemaRegistration registration(String url, boolean autoRegister) {
        return new SchemaRegistration(client(url), autoRegister, Duration.ofMillis(5), Duration.ofMillis(20));
    }

    private static RegistryClient client(String url) {
        return Node.client(vertx, PATIENCE, url);
    }
}
