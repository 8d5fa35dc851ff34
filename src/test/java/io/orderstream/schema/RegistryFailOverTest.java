package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;

/** A registry of several nodes, of which some do not answer. */
class RegistryFailOverTest {

    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);
    private static final String ID_7 = "{\"id\": 7}";

    private static Vertx vertx;
    private static WebClient http;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        http = WebClient.create(vertx);
    }

    @AfterAll
    static void close() {
        http.close();
        vertx.closeAndAwait();
    }

    @Test
    void shouldGiveUpANodeThatIsSilent() throws IOException {
        try (Node node = new Node(200, ID_7)) {
            node.fallSilent();
            RegistryAccess access = new RegistryAccess(List.of(node.url()), Optional.empty(), Duration.ofMillis(200));

            assertThatThrownBy(() -> await(new RegistryClient(http, access).register("s", SCHEMA)))
                    .isExactlyInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void shouldAskTheNextNodeAndStayWithIt() throws IOException {
        try (Node broken = new Node(500, ""); Node silent = new Node(200, ID_7); Node good = new Node(200, ID_7)) {
            // Given
            silent.fallSilent();
            RegistryAccess access = new RegistryAccess(List.of(refused(), broken.url(), silent.url(), good.url()),
                    Optional.empty(), Duration.ofSeconds(2));
            RegistryClient client = new RegistryClient(http, access);

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
        try (Node first = new Node(404, "{\"error_code\": 40403, \"message\": \"gone\"}"); Node second = new Node(200, ID_7)) {
            assertThatThrownBy(() -> await(client(first.url(), second.url()).lookup("s", SCHEMA)))
                    .isExactlyInstanceOf(RegistryRejectedException.class).hasMessage("gone");
            assertThat(second.requests()).isEmpty();
        }
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
        return new RegistryClient(http, new RegistryAccess(Arrays.asList(urls), Optional.empty(), PATIENCE));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    /** A url nobody listens at. */
    private static String refused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }
}
