package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.Ports;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;

/** A registry of several nodes, of which some do not answer. */
class RegistryFailOverTest {

    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);
    private static final String UNKNOWN = "{\"error_code\": 40403, \"message\": \"gone\"}";
    private static final String ID_7 = "{\"id\": 7}";

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
    void shouldGiveUpANodeThatIsSilent() throws IOException {
        try (Node node = new Node(200, ID_7)) {
            node.fallSilent();
            RegistryClient client = Node.client(vertx, Duration.ofMillis(200), node.url());

            assertThatThrownBy(() -> await(client.register("s", SCHEMA)))
                    .isExactlyInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void shouldAskTheNextNodeAndStayWithIt() throws IOException {
        try (Node broken = new Node(500, ""); Node silent = new Node(200, ID_7); Node good = new Node(200, ID_7)) {
            // Given
            silent.fallSilent();
            RegistryClient client = Node.client(vertx, Duration.ofSeconds(2), refused(), broken.url(), silent.url(),
                    good.url());

            // When
            int first = await(client.register("s", SCHEMA));
            int second = await(client.register("s", SCHEMA));

            // Then
            assertThat(List.of(first, second)).containsOnly(7);
            assertThat(broken.requests()).hasSize(1);
            assertThat(silent.requests()).hasSize(1);
            assertThat(good.requests()).hasSize(2);
        }
    }

    @Test
    void shouldComeBackToTheFirstNodeWhenTheLastFails() throws IOException {
        try (Node first = new Node(503, ""); Node second = new Node(200, ID_7)) {
            // Given
            RegistryClient client = client(first.url(), second.url());
            await(client.register("s", SCHEMA));
            first.answer(200, "{\"id\": 8}");
            second.answer(503, "");

            // When
            int id = await(client.register("s", SCHEMA));

            // Then
            assertThat(id).isEqualTo(8);
        }
    }

    @Test
    void shouldNotAskAnotherNodeAfterARefusal() throws IOException {
        try (Node first = new Node(409, "{\"error_code\": 409, \"message\": \"incompatible\"}");
                Node second = new Node(200, ID_7)) {
            assertThatThrownBy(() -> await(client(first.url(), second.url()).register("s", SCHEMA)))
                    .isExactlyInstanceOf(RegistryRejectedException.class).hasMessage("incompatible");
            assertThat(second.requests()).isEmpty();
        }
    }

    @Test
    void shouldAskTheOtherNodesForWhatOneDoesNotKnow() throws IOException {
        try (Node behind = new Node(404, UNKNOWN); Node good = new Node(200, "{\"id\": 7, \"schema\": \"\\\"string\\\"\"}")) {
            assertThat(await(client(behind.url(), good.url()).schemaById(7))).isEqualTo(SCHEMA);
            assertThat(await(client(behind.url(), good.url()).lookup("s", SCHEMA))).isEqualTo(7);
        }
    }

    @Test
    void shouldTellWhetherAllNodesDoNotKnow() throws IOException {
        try (Node behind = new Node(404, UNKNOWN); Node same = new Node(404, UNKNOWN); Node broken = new Node(500, "")) {
            // When
            RegistryRejectedException byAll = rejection(behind.url(), same.url());
            RegistryRejectedException first = rejection(behind.url(), broken.url(), same.url());
            RegistryRejectedException last = rejection(broken.url(), behind.url());

            // Then
            assertThat(List.of(byAll, first, last)).allSatisfy(rejection -> {
                assertThat(rejection).hasMessage("gone");
                assertThat(rejection.errorCode()).isEqualTo(40403);
            }).extracting(RegistryRejectedException::isByAll).containsExactly(true, false, false);
            assertThat(behind.requests()).hasSize(3);
            assertThat(same.requests()).hasSize(2);
        }
    }

    private static RegistryRejectedException rejection(String... urls) {
        return catchThrowableOfType(RegistryRejectedException.class, () -> await(client(urls).schemaById(1)));
    }

    @Test
    void shouldFailWhenEveryNodeDoesAndTellAboutEach() throws IOException {
        try (Node broken = new Node(500, "")) {
            // Given
            String refused = refused();

            // When
            RegistryUnavailableException failure = catchThrowableOfType(RegistryUnavailableException.class,
                    () -> await(client(broken.url(), refused).register("s", SCHEMA)));

            // Then
            assertThat(failure).hasMessageContaining(refused);
            assertThat(failure.getSuppressed()).singleElement().asString().contains(broken.url());
            assertThat(broken.requests()).hasSize(1);
        }
    }

    private static RegistryClient client(String... urls) {
        return Node.client(vertx, PATIENCE, urls);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    /** A url nobody listens at. */
    private static String refused() {
        return "http://127.0.0.1:" + Ports.free();
    }
}
