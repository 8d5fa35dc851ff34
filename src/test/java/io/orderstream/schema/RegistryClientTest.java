package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpServer;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.orderstream.support.HttpCredentials;
import io.orderstream.testsupport.HostileServer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.mutiny.core.Vertx;

class RegistryClientTest {

    private static final Schema SCHEMA = SchemaBuilder.record("Thing").fields().requiredString("id").endRecord();
    private static final Schema NEXT = SchemaBuilder.record("Thing").fields().requiredString("id").requiredInt("size")
            .endRecord();
    private static final Schema OTHER = SchemaBuilder.record("Thing").fields().requiredString("id").optionalInt("was")
            .endRecord();
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
    void shouldRegisterLookUpAndFetch() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            // Given
            RegistryClient client = client(registry.url() + "/");

            // When
            int registered = await(client.register("orders-value", SCHEMA));
            int lookedUp = await(client.lookup("orders-value", SCHEMA));
            Schema fetched = await(client.schemaById(registered));

            // Then
            assertThat(lookedUp).isEqualTo(registered);
            assertThat(fetched).isEqualTo(SCHEMA);
        }
    }

    @Test
    void shouldTellWhereASchemaIsRegistered() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            // Given
            RegistryClient client = client(registry.url());
            await(client.register("a-value", OTHER));
            await(client.register("a-value", SCHEMA));
            int id = await(client.register("b-value", SCHEMA));

            // Then
            assertThat(await(client.versionsOf(id))).containsExactlyInAnyOrder(new SchemaVersion("a-value", 2),
                    new SchemaVersion("b-value", 1));
            assertRefused(client.versionsOf(99), 404, 40403);
        }
        try (Node node = new Node(200, "{}")) {
            assertUnavailable(client(node.url()).versionsOf(1));
            node.answer(200, "[1, {\"subject\": \"s\"}, {\"subject\": \"s\", \"version\": 3}]");
            assertThat(await(client(node.url()).versionsOf(1))).containsExactly(new SchemaVersion("s", 3));
        }
    }

    @Test
    void shouldSayWhatTheRegistryRefuses() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            RegistryClient client = client(registry.url());
            await(client.register("s", SCHEMA));

            assertRefused(client.schemaById(99), 404, 40403);
            assertRefused(client.lookup("unknown", SCHEMA), 404, 40401);
            assertRefused(client.lookup("s", NEXT), 404, 40403);
            assertRefused(client.register("s", NEXT), 409, 409);
        }
    }

    @Test
    void shouldEncodeTheSubjectInThePath() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null); Node node = new Node(200, ID_7)) {
            // Given
            String subject = "a/b c+d?\u00fc";

            // When
            await(client(registry.url()).register(subject, SCHEMA));
            await(client(node.url()).register(subject, SCHEMA));

            // Then
            assertThat(await(client(registry.url()).lookup(subject, SCHEMA))).isEqualTo(1);
            assertThat(node.requests()).containsExactly(
                    "POST /subjects/a%2Fb%20c%2Bd%3F%C3%BC/versions application/vnd.schemaregistry.v1+json");
        }
    }

    @Test
    void shouldKeepThePrefixOfTheUrl() throws IOException {
        try (Node node = new Node(200, "{\"schema\": \"\\\"string\\\"\"}")) {
            // When
            await(client(node.url() + "/apis/ccompat/v7/").schemaById(5));

            // Then
            assertThat(node.requests()).containsExactly("GET /apis/ccompat/v7/schemas/ids/5 null");
        }
    }

    @Test
    void shouldAuthenticate() throws IOException {
        try (Node node = new Node(200, ID_7)) {
            // Given
            HttpCredentials credentials = HttpCredentials.basic("ada", "s\u00e9cret");
            RegistryAccess access = RegistryAccess.of(List.of(node.url()), Optional.of(credentials), PATIENCE);

            // When
            await(new RegistryClient(SchemaBeans.http(vertx.getDelegate(), new HttpClientOptions(), access), access)
                    .register("s", SCHEMA));

            // Then
            assertThat(node.authorizations()).containsExactly("Basic YWRhOnPDqWNyZXQ=");
            assertThat(access.toString()).contains("ada").doesNotContain("s\u00e9cret");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 400, 401, 403, 404, 408, 429, 500, 502, 503 })
    void shouldTakeEveryOtherStatusForAnOutage(int status) throws IOException {
        try (Node node = new Node(status, "<html>an error page</html>")) {
            assertThatThrownBy(() -> await(client(node.url()).schemaById(1)))
                    .isExactlyInstanceOf(RegistryUnavailableException.class).hasMessageContaining("HTTP " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "<html>", "[]", "null", "{}", "{\"schema\": 5, \"id\": \"x\"}" })
    void shouldTakeGarbageForAnOutage(String body) throws IOException {
        try (Node node = new Node(200, body)) {
            assertUnavailable(client(node.url()).schemaById(1));
            assertUnavailable(client(node.url()).register("s", SCHEMA));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"schema\": \"{}\"}                               | cannot be parsed",
            "{\"schema\": \"{}\", \"schemaType\": \"PROTOBUF\"} | is of type PROTOBUF",
            "{\"schemaType\": \"JSON\"}                         | is of type JSON",
            "{\"schema\": \"{\\\"type\\\": \\\"array\\\", \\\"items\\\": \\\"x.Y\\\"}\"} | Undefined schema: x.Y",
            "{\"schema\": \"{}\", \"references\": [{\"name\": \"x\"}]} | reference without subject" })
    void shouldRefuseASchemaThatIsNotAvro(String body, String reason) throws IOException {
        try (Node node = new Node(200, body)) {
            assertThatThrownBy(() -> await(client(node.url()).schemaById(1)))
                    .isExactlyInstanceOf(RegistryRejectedException.class).hasMessageContaining(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ", \"schemaType\": null", ", \"schemaType\": \"AVRO\", \"references\": null, \"more\": {}",
            ", \"references\": []" })
    void shouldTakeASchemaWithoutTypeForAvro(String more) throws IOException {
        try (Node node = new Node(200, "{\"schema\": \"\\\"string\\\"\"" + more + "}")) {
            assertThat(await(client(node.url()).schemaById(1))).isEqualTo(Schema.create(Schema.Type.STRING));
        }
    }

    @Test
    void shouldRefuseASchemaThatIsNestedTooDeep() throws IOException {
        String deep = "{\\\"type\\\":\\\"array\\\",\\\"items\\\":".repeat(200_000);
        try (Node node = new Node(200, "{\"schema\": \"" + deep.substring(0, 1_000_000) + "\"}")) {
            assertThatThrownBy(() -> await(client(node.url()).schemaById(1)))
                    .isExactlyInstanceOf(RegistryRejectedException.class).hasMessageContaining("cannot be parsed")
                    .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(500));
            node.answer(200, "[".repeat(1_000_000));
            assertUnavailable(client(node.url()).schemaById(1));
        }
    }

    @Test
    void shouldReadNoMoreOfAnAnswerThanASchemaMayHave() {
        byte[] xs = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        try (HostileServer json = new HostileServer("HTTP/1.1 200 OK\r\n\r\n{\"schema\": \"", xs, Long.MAX_VALUE, 0);
                HostileServer page = new HostileServer("HTTP/1.1 200 OK\r\n\r\n<html>", xs, Long.MAX_VALUE, 0);
                HostileServer error = new HostileServer("HTTP/1.1 404 Not Found\r\n\r\n{\"error_code\": 40403, \"message\": \"",
                        xs,
                        Long.MAX_VALUE, 0)) {
            assertThatThrownBy(() -> await(client(json.url()).schemaById(1)))
                    .isExactlyInstanceOf(RegistryRejectedException.class).hasMessageContaining("larger than 2097152 bytes");
            assertUnavailable(client(page.url()).schemaById(1));
            assertUnavailable(client(error.url()).schemaById(1));
        }
    }

    @Test
    void shouldTakeARedirectForAnOutage() throws IOException {
        try (Node node = new Node(302, "")) {
            assertUnavailable(client(node.url()).schemaById(1), "redirects are not followed");
            assertThat(node.requests()).hasSize(1);
        }
    }

    @Test
    void shouldSendCredentialsToNoOtherHost() throws IOException {
        try (Node other = new Node(200, ID_7);
                HostileServer redirecting = new HostileServer("HTTP/1.1 307 Go\r\nLocation: " + other.url()
                        + "/\r\nContent-Length: 0\r\n\r\n", new byte[1], 0, 0)) {
            RegistryAccess access = RegistryAccess.of(List.of(redirecting.url()), Optional.of(HttpCredentials.bearer("t0k3n")),
                    PATIENCE);
            assertUnavailable(new RegistryClient(SchemaBeans.http(vertx.getDelegate(), new HttpClientOptions(), access), access)
                    .register("s", SCHEMA), "redirects are not followed");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void shouldIdentifyItselfByAToken() throws IOException {
        try (Node node = new Node(200, ID_7)) {
            RegistryAccess access = RegistryAccess.of(List.of(node.url()), Optional.of(HttpCredentials.bearer("t0k3n")),
                    PATIENCE);
            RegistryClient client = new RegistryClient(SchemaBeans.http(vertx.getDelegate(), new HttpClientOptions(), access),
                    access);
            await(client.register("s", SCHEMA));
            assertThat(node.authorizations()).containsExactly("Bearer t0k3n");
            assertThat(access.toString()).doesNotContain("t0k3n");
            node.answer(401, "");
            assertUnavailable(client.schemaById(1),
                    "HTTP 401, its user and password or SCHEMA_REGISTRY_TOKEN are missing or wrong");
        }
    }

    /** The event loop has the records of known schemas to read. */
    @Test
    void shouldReadAnswersOnThreadsOfItsOwn() throws Exception {
        try (Node node = new Node(200, "{\"schema\": \"\\\"string\\\"\"}")) {
            CompletableFuture<String> thread = new CompletableFuture<>();
            vertx.getDelegate().runOnContext(here -> client(node.url()).schemaById(1)
                    .subscribe()
                    .with(schema -> thread.complete(Thread.currentThread().getName()), thread::completeExceptionally));
            assertThat(thread.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("schema-registry");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"schema\": [\"\\\"string\\\"\"]}", "{\"schema\": null}", "{\"schema\": \"\\\"string\\\"\"",
            "\u0000", "{\"schema\": 1e999999999}" })
    void shouldTakeAnAnswerOfTheWrongShapeForAnOutage(String body) throws IOException {
        try (Node node = new Node(200, body)) {
            assertUnavailable(client(node.url()).schemaById(1));
        }
    }

    @Test
    void shouldNotMakeMuchOfAnAnswerThatIsMadeOfNothing() throws IOException {
        try (Node node = new Node(200, "{\"schema\": \"\\\"string\\\"\", \"more\": [" + "{},".repeat(250_000) + "{}]}")) {
            assertUnavailable(client(node.url()).schemaById(1), "the answer is not a JsonObject");
        }
    }

    /** Each reference in time, but there are many. */
    @Test
    void shouldGiveUpASchemaWhoseReferencesTakeTooLongTogether() throws IOException {
        AtomicInteger subjects = new AtomicInteger();
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            String references = IntStream.range(0, 30).mapToObj(i -> subjects.incrementAndGet())
                    .map(i -> "{\"name\": \"N%d\", \"subject\": \"s%d\", \"version\": 1}".formatted(i, i))
                    .collect(Collectors.joining(","));
            byte[] body = ("{\"schema\": \"\\\"int\\\"\", \"references\": [" + references + "]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        slow.start();
        try {
            RegistryClient client = Node.client(vertx, Duration.ofMillis(100),
                    "http://127.0.0.1:" + slow.getAddress().getPort());
            assertThatThrownBy(() -> await(client.schemaById(1))).isInstanceOfAny(RegistryUnavailableException.class,
                    RegistryRejectedException.class);
            assertThat(subjects.get() / 30).as("requests").isLessThan(2 * RegistryClient.ANSWERS_IN_TIME + 2);
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void shouldTellAnEmptyRegistryFromOneThatDoesNotSay() throws IOException {
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            RegistryClient client = client(registry.url());
            assertRefused(client.confirmAnySubject(), 404, 404);
            assertRefused(client.confirm(1), 404, 40403);
            await(client.register("s", SCHEMA));
            await(client.confirmAnySubject());
            await(client.confirm(1));
        }
    }

    @Test
    void shouldNotTakeTheAnswerOfAWrongPathForAnUnknownSchema() throws IOException {
        try (Node node = new Node(404, "{\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"}")) {
            assertUnavailable(client(node.url()).schemaById(1));
        }
    }

    private static RegistryClient client(String... urls) {
        return Node.client(vertx, PATIENCE, urls);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private static void assertUnavailable(Uni<?> uni) {
        assertThatThrownBy(() -> await(uni)).isExactlyInstanceOf(RegistryUnavailableException.class);
    }

    private static void assertUnavailable(Uni<?> uni, String reason) {
        assertThatThrownBy(() -> await(uni)).isExactlyInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(reason);
    }

    private static void assertRefused(Uni<?> uni, int status, int errorCode) {
        RegistryRejectedException refusal = catchThrowableOfType(RegistryRejectedException.class, () -> await(uni));
        assertThat(refusal).isNotNull();
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.errorCode()).isEqualTo(errorCode);
    }
}
