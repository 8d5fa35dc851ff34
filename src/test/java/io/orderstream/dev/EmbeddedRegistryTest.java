package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

class EmbeddedRegistryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String A = record("{'name': 'a', 'type': 'string'}");
    private static final String A_AND_B = record("{'name': 'a', 'type': 'string'}, {'name': 'b', 'type': 'int', 'default': 0}");
    private static final String A_AND_STRICT_B = record("{'name': 'a', 'type': 'string'}, {'name': 'b', 'type': 'int'}");

    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new EmbeddedRegistry(0, null);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldStartEmpty() {
        assertThat(get("/")).hasToString("{}");
        assertThat(get("/subjects")).hasToString("[]");
        assertThat(get("/schemas/types")).hasToString("[\"AVRO\"]");
        assertThat(get("/mode")).hasToString("{\"mode\":\"READWRITE\"}");
        assertThat(get("/config")).hasToString("{\"compatibilityLevel\":\"BACKWARD\"}");
    }

    @Test
    void shouldGiveOneIdToOneSchema() {
        assertThat(register("z-value", A)).isEqualTo(1);
        assertThat(register("z-value", A)).isEqualTo(1);
        assertThat(register("a b/c-value".replace(" ", "%20").replace("/", "%2F"), A)).isEqualTo(1);
        assertThat(register("z-value", A_AND_B)).isEqualTo(2);

        assertThat(get("/subjects")).hasToString("[\"a b/c-value\",\"z-value\"]");
        assertThat(get("/subjects/z-value/versions")).hasToString("[1,2]");
        assertThat(get("/schemas/ids/1").path("schema").asText()).isEqualTo(A);
        assertThat(get("/schemas/ids/2/subjects")).hasToString("[\"z-value\"]");
        assertThat(get("/schemas/ids/1/versions")).hasSize(2);
        assertThat(get("/schemas/ids/1/schema")).isEqualTo(json(A));
    }

    @Test
    void shouldShowAVersion() {
        // Given
        register("s", A);
        register("s", A_AND_B);

        // When
        JsonNode latest = get("/subjects/s/versions/latest");

        // Then
        assertThat(latest).isEqualTo(JSON.valueToTree(Map.of("subject", "s", "version", 2, "id", 2, "schema", A_AND_B)));
        assertThat(get("/subjects/s/versions/1").path("id").asInt()).isEqualTo(1);
        assertThat(get("/subjects/s/versions/2/schema")).isEqualTo(json(A_AND_B));
    }

    @Test
    void shouldLookASchemaUp() {
        // Given
        register("s", A);

        // When
        JsonNode found = send("POST", "/subjects/s", schema(A), 200);

        // Then
        assertThat(found.path("id").asInt()).isEqualTo(1);
        assertThat(found.path("version").asInt()).isEqualTo(1);
        assertError("POST", "/subjects/s", schema(A_AND_B), 404, 40403);
        assertError("POST", "/subjects/t", schema(A), 404, 40401);
    }

    @Test
    void shouldAnswerErrorsAsConfluentDoes() {
        register("s", A);

        assertError("GET", "/subjects/t/versions", "", 404, 40401);
        assertError("GET", "/subjects/t/versions/1", "", 404, 40401);
        assertError("GET", "/subjects/s/versions/2", "", 404, 40402);
        assertError("GET", "/subjects/s/versions/first", "", 422, 42202);
        assertError("GET", "/subjects/s/versions/0", "", 422, 42202);
        assertError("GET", "/schemas/ids/2", "", 404, 40403);
        assertError("GET", "/config/s", "", 404, 40408);
        assertError("POST", "/subjects/s/versions", schema("{\"type\": \"recrd\"}"), 422, 42201);
        assertError("POST", "/subjects/s/versions", "{}", 422, 42201);
        assertError("POST", "/subjects/s/versions", "no json", 400, 400);
        assertError("POST", "/subjects/s/versions", schema(A_AND_STRICT_B), 409, 409);
        assertError("PUT", "/config", "{\"compatibility\": \"SOME\"}", 422, 42203);
        assertError("GET", "/nowhere", "", 404, 404);
        assertError("PUT", "/subjects", "", 405, 405);
    }

    @Test
    void shouldDeleteVersionsAndSubjectsButNoSchema() {
        // Given
        register("s", A);
        register("s", A_AND_B);
        register("t", A);

        // When
        JsonNode version = send("DELETE", "/subjects/s/versions/1", "", 200);
        JsonNode subject = send("DELETE", "/subjects/t", "", 200);

        // Then
        assertThat(version).hasToString("1");
        assertThat(subject).hasToString("[1]");
        assertThat(get("/subjects")).hasToString("[\"s\"]");
        assertThat(get("/subjects/s/versions")).hasToString("[2]");
        assertThat(get("/schemas/ids/1").path("schema").asText()).isEqualTo(A);
        assertError("DELETE", "/subjects/t", "", 404, 40401);
        assertThat(register("t", A)).isEqualTo(1);
        assertThat(get("/subjects/t/versions")).hasToString("[2]");
    }

    @ParameterizedTest
    @CsvSource({ "NONE,true,true", "BACKWARD,false,true", "BACKWARD_TRANSITIVE,false,false", "FORWARD,true,true",
            "FORWARD_TRANSITIVE,true,true", "FULL,false,true", "FULL_TRANSITIVE,false,false" })
    void shouldHoldASchemaAgainstTheVersionsOfItsLevel(String level, boolean afterA, boolean afterBoth) {
        // Given
        send("PUT", "/config/s", "{\"compatibility\": \"NONE\"}", 200);
        register("s", A);

        // When
        send("PUT", "/config/s", "{\"compatibility\": \"%s\"}".formatted(level), 200);

        // Then
        assertThat(get("/config/s").path("compatibilityLevel").asText()).isEqualTo(level);
        assertThat(send("POST", "/compatibility/subjects/s/versions/latest", schema(A_AND_STRICT_B), 200)
                .path("is_compatible").asBoolean()).isEqualTo(afterA);
        register("s", A_AND_B);
        send("POST", "/subjects/s/versions", schema(A_AND_STRICT_B), afterBoth ? 200 : 409);
    }

    @Test
    void shouldRefuseForwardWhatOldReadersCannotRead() {
        // Given
        register("s", A_AND_STRICT_B);
        send("PUT", "/config", "{\"compatibility\": \"FORWARD\"}", 200);

        // Then
        assertError("POST", "/subjects/s/versions", schema(A), 409, 409);
        assertThat(get("/config/s?defaultToGlobal=true").path("compatibilityLevel").asText()).isEqualTo("FORWARD");
    }

    @Test
    void shouldListenOnLoopbackOnlyAndFreeThePortWhenClosed() throws IOException {
        // Given
        int port = registry.port();
        assertThat(registry.url()).isEqualTo("http://127.0.0.1:" + port);

        // When
        registry.close();

        // Then
        try (EmbeddedRegistry next = new EmbeddedRegistry(port, null)) {
            assertThat(next.port()).isEqualTo(port);
        }
    }

    private static String record(String fields) {
        return "{'type':'record','name':'R','fields':[%s]}".formatted(fields).replace(" ", "").replace('\'', '"');
    }

    private static String schema(String text) {
        return JSON.valueToTree(Map.of("schema", text)).toString();
    }

    private int register(String subject, String schema) {
        return send("POST", "/subjects/" + subject + "/versions", schema(schema), 200).path("id").asInt();
    }

    private JsonNode get(String path) {
        return send("GET", path, "", 200);
    }

    private void assertError(String method, String path, String body, int status, int errorCode) {
        JsonNode answer = send(method, path, body, status);
        assertThat(answer.path("error_code").asInt()).as("%s %s", method, path).isEqualTo(errorCode);
        assertThat(answer.path("message").asText()).isNotBlank();
    }

    private JsonNode send(String method, String path, String body, int status) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as("%s %s: %s", method, path, response.body()).isEqualTo(status);
            return json(response.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
