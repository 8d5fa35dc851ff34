package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.web.HttpSettings;
import io.orderstream.web.Problem;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Each answer that reports an error is a problem as in RFC 9457, whatever is wrong and whatever the client would accept. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class ProblemAnswersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_LARGE = 11_000_000;
    private static final int MANY = 40;

    @TestHTTPResource
    URI url;

    @Inject
    HttpSettings settings;

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @CsvSource({ "GET, /nothing, 404", "GET, /api/nothing, 404", "POST, /api/nothing/x, 404",
            "GET, /api/pipelines/none/stats, 404", "GET, /api/pipelines/none/stream, 404",
            "GET, /api/pipelines/none/history, 404", "GET, /api/pipelines/orders/history?range=2m, 400",
            "GET, /api/dead-letters/redrive/none, 404", "GET, /api/events, 405",
            "PUT, /api/events, 405", "INVENTED, /api/orders/stats, 405", "DELETE, /api/stream, 405",
            "GET, /api/dead-letters?limit=0, 400", "GET, /api/tracker/stats?limit=x, 400",
            "DELETE, /api/dead-letters/redrive/x, 401", "POST, /api/dead-letters/redrive/x/resume, 401" })
    void shouldAnswerAnErrorWithAProblemWhateverIsAccepted(String method, String path, int status) {
        for (String accept : List.of("*/*", "application/json", "text/html", "application/xml;q=0.9", "nonsense")) {
            // When
            HttpResponse<String> answer = call(method, path, null, "Accept", accept);

            // Then: a resource that does not have what is accepted says that first
            assertProblem(answer, answer.statusCode() == 406 ? 406 : status);
        }
        assertProblem(call(method, path, null), status);
    }

    @ParameterizedTest
    @CsvSource({ "GET, /api/events, 'OPTIONS, POST'", "DELETE, /api/events/stats, 'GET, HEAD, OPTIONS'",
            "INVENTED, /api/stream, 'GET, HEAD, OPTIONS'", "POST, /api/pipelines/orders/stats, 'GET, HEAD, OPTIONS'",
            "PUT, /api/dead-letters/redrive, 'GET, HEAD, OPTIONS, POST'",
            "PATCH, /api/dead-letters/redrive/x, 'DELETE, GET, HEAD, OPTIONS'",
            "GET, /api/dead-letters/redrive/x/resume, 'OPTIONS, POST'" })
    void shouldNameTheMethodsThereAreWhereThereIsAnotherOne(String method, String path, String allowed) {
        // When
        HttpResponse<String> answer = call(method, path, null);

        // Then
        assertProblem(answer, 405);
        assertThat(answer.headers().allValues("Allow")).containsExactly(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = { "text/plain", "application/xml", "nonsense", "application/x-www-form-urlencoded",
            "multipart/form-data;boundary=x" })
    void shouldAnswerWrongContentWithAProblem(String type) {
        for (String path : List.of("/api/events", "/api/item-orders", "/api/dead-letters/redrive")) {
            assertProblem(call("POST", path, "{}", "Content-Type", type), 415);
        }
    }

    @Test
    void shouldAnswerWhatIsNotValidWithAProblemThatHasItsFieldsAsBefore() {
        // When
        JsonNode event = assertProblem(call("POST", "/api/events", "{}", "Content-Type", "application/json"), 400);
        JsonNode order = assertProblem(call("POST", "/api/item-orders", "{}", "Content-Type", "application/json"), 400);
        JsonNode limit = assertProblem(call("GET", "/api/tracker/stats?limit=0", null), 400);

        // Then
        assertThat(event.get("stage").asText()).isEqualTo("envelope");
        assertThat(event.get("violations")).isNotEmpty();
        assertThat(order.has("stage")).isFalse();
        assertThat(order.get("violations")).isNotEmpty();
        assertThat(limit.get("field").asText()).isEqualTo("limit");
        assertThat(limit.get("rule").asText()).isNotEmpty();
        assertThat(limit.get("value").asText()).isEqualTo("0");
        assertThat(Stream.of(event, order, limit)).allSatisfy(
                problem -> assertThat(problem.get("message").asText()).isEqualTo(problem.get("detail").asText()));
    }

    @Test
    void shouldKeepTheHeadersOfAnError() {
        // Given
        String wrong = "Basic " + Base64.getEncoder().encodeToString("olga:wrong".getBytes(StandardCharsets.UTF_8));

        // Then
        for (String credentials : List.of(wrong, "Basic !!!", "Bearer x")) {
            HttpResponse<String> answer = call("POST", "/api/dead-letters/redrive", "{}", "Content-Type", "application/json",
                    "Authorization", credentials);
            assertProblem(answer, 401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWithIgnoringCase("basic");
        }
    }

    @Test
    void shouldAnswerABodyThatIsTooLargeWithAProblem() throws IOException {
        assertThat(raw("POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + TOO_LARGE
                + "\r\n\r\n")).contains(" 413 ", "connection: close", "content-type: application/problem+json")
                .endsWith("}");
    }

    @Test
    void shouldLetNoPageOfAnotherOriginChangeSomething() throws IOException {
        for (String page : List.of("Origin: https://elsewhere.example", "Sec-Fetch-Site: cross-site")) {
            for (String request : List.of("POST /api/events", "POST /api/item-orders", "POST /api/dead-letters/redrive",
                    "DELETE /api/dead-letters/redrive/x", "OPTIONS /api/events")) {
                assertThat(raw(request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + page + "\r\n\r\n")).as(request)
                        .contains(" 403 ", "content-type: application/problem+json").doesNotContain("access-control-");
            }
        }
    }

    @Test
    void shouldTellOfAFailureInAResourceNoMoreThanWhereToLook() {
        // Given: one on an event loop, one on a worker thread
        QuarkusMock.installMockForType(new OperatorAccess(null, null, null, settings) {

            @Override
            Uni<Void> publisher() {
                throw new IllegalStateException("boom", new IOException("boom"));
            }

            @Override
            String operator() {
                throw new IllegalStateException("boom", new IOException("boom"));
            }
        }, OperatorAccess.class);

        try (LogLines log = new LogLines("io.orderstream.web.ProblemRoutes")) {
            for (String path : List.of("/api/events", "/api/dead-letters/redrive")) {
                // When
                HttpResponse<String> answer = call("POST", path, "{}", "Content-Type", "application/json");

                // Then
                String detail = assertProblem(answer, 500).get("detail").asText();
                assertThat(detail).startsWith("the server has failed, its log says why: id=");
                assertThat(answer.body()).doesNotContain("boom", "Exception", ".java");
                assertThat(log.lines()).anyMatch(line -> line.startsWith("request failed: method=POST path=" + path)
                        && line.contains(detail.substring(detail.indexOf("id="))));
            }
        }
    }

    @Test
    void shouldAnswerABodyOfNoTypeWithAProblem() throws IOException {
        assertThat(raw("POST /api/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"))
                .contains(" 415 ", "content-type: application/problem+json").endsWith("}");
    }

    @Test
    void shouldAnswerAMalformedRequestWithAProblem() throws IOException {
        for (String line : List.of("GET /api/orders/stats HTTP/1.1\r\n", "GET /q/health HTTP/1.1\r\n", "GET / HTTP/9.9\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n", "CONNECT elsewhere.example:80 HTTP/1.1\r\nHost: x\r\n")) {
            assertThat(raw(line + "Connection: close\r\n\r\n")).as(line)
                    .contains(line.contains("Host") ? " 404 " : " 400 ", "content-type: application/problem+json",
                            "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Content-Security-Policy: ",
                            "Cache-Control: no-store")
                    .endsWith("}");
        }
    }

    @Test
    void shouldAnswerHeadWithoutABody() {
        HttpResponse<String> answer = call("HEAD", "/api/nothing", null);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).contains(Problem.MEDIA_TYPE);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void shouldEchoNoMoreThanALineOfWhatWasSent() {
        NastyTexts.all().forEach(text -> {
            // Given
            String field = JSON.createObjectNode().set("filter", JSON.createObjectNode().put(text, 1)).toString();
            String event = JSON.createObjectNode().put("eventId", text).put("eventType", text).put(text, text).toString();
            String order = JSON.createObjectNode().put("order_id", text).put(text, text).put("quantity", text).toString();

            // Then
            for (String path : List.of("/api/events", "/api/item-orders")) {
                for (String body : List.of(text, event, order, "\"" + text)) {
                    JsonNode problem = assertProblem(call("POST", path, body, "Content-Type", "application/json"), 400);
                    assertThat(problem.toString()).hasSizeLessThan(100_000);
                    problem.get("violations").forEach(broken -> broken
                            .forEach(part -> assertThat(NastyTexts.isSafe(part.asText())).as(part.toString()).isTrue()));
                }
            }
            assertProblem(call("POST", "/api/dead-letters/redrive", field, "Content-Type", "application/json", "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(HalfFailing.CREDENTIALS.getBytes(StandardCharsets.UTF_8))),
                    400);
        });
    }

    @Test
    void shouldNotLogAnErrorForAClientThatGoesAway() throws IOException {
        // Given
        try (LogLines ofStream = new LogLines("org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler");
                LogLines ofErrors = new LogLines("io.quarkus.vertx.http.runtime.QuarkusErrorHandler");
                LogLines ofNetty = new LogLines("io.netty");
                LogLines own = new LogLines("io.orderstream.api");
                LogLines stream = new LogLines("io.orderstream.stream")) {
            // When: each is reset in the middle of the stream, as a client that is killed with unread data is
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                clients.add(request("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
                clients.add(request("GET /api/orders/stats HTTP/1.1\r\nHost: x\r\n\r\n"));
                reset(request("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
                reset(request("GET /api/dead-letters HTTP/1.1\r\nHost: x\r\n\r\n"));
                reset(request("POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{"));
            }
            await().atMost(PATIENCE).until(() -> stream.lines().stream().anyMatch(line -> line.contains("clients=" + MANY)));
            for (Socket client : clients) {
                reset(client);
            }
            await().atMost(PATIENCE).until(() -> stream.lines().stream().reduce((first, last) -> last).orElse("")
                    .equals("stream client left: clients=0"));

            // Then
            assertThat(ofStream.lines()).isEmpty();
            assertThat(ofErrors.lines()).isEmpty();
            assertThat(ofNetty.lines()).isEmpty();
            assertThat(own.lines()).allMatch(line -> line.startsWith("client does not wait "));
            assertThat(stream.lines()).allMatch(line -> line.startsWith("stream client "));
        }
    }

    private static JsonNode assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains(Problem.MEDIA_TYPE);
        JsonNode problem = parse(answer.body());
        assertThat(problem.get("type").asText()).isEqualTo("about:blank");
        assertThat(problem.get("title").asText()).isNotEmpty();
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        for (String field : List.of("detail", "message")) {
            assertThat(problem.get(field).asText()).isNotEmpty().hasSizeLessThanOrEqualTo(4_000);
            assertThat(NastyTexts.isSafe(problem.get(field).asText())).as(answer.body()).isTrue();
        }
        return problem;
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).method(method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String raw(String request) throws IOException {
        try (Socket client = request(request)) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket request(String request) throws IOException {
        Socket client = new Socket(url.getHost(), url.getPort());
        client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private static void reset(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }
}
