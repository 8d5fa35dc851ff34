package io.orderstream.web;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.ApiDescription;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.PageFiles;
import io.orderstream.testsupport.Ports;

/**
 * The packaged application as an attacker finds it: one instance as it is by default, and one with every limit as low as it
 * goes. Everything that answers is looked at, on both ports, by {@link PassiveRule}; everything that changes something is taken
 * from the OpenAPI document, so that a new endpoint is held to the same.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSecurityIT {

    private static final String OPERATOR = "olga:secret";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String CLOSE = "Connection: close\r\n";
    private static final String DOCUMENT = "/q/openapi?format=json";
    private static final int TOO_LARGE = 11_000_000;
    private static final int MOST_CONNECTIONS = 30;
    private static final List<String> MANAGED = List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started",
            "/q/metrics", "/q/openapi", DOCUMENT);

    private static final String FOREIGN = "Origin: https://elsewhere.example\r\n";
    private static final String PREFLIGHT = FOREIGN + "Access-Control-Request-Method: GET\r\n";

    private PackagedApps apps;
    private AppProcess app;
    private final int port = Ports.free();
    private final int management = Ports.free();
    private final int limitedPort = Ports.free();
    private final int limitedManagement = Ports.free();
    private String job;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
        app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "ORDERS_COUNT=50", "ORDERS_INTERVAL=5ms",
                "ERROR_SIMULATION_RATE=0.5",
                "RETRY_BACKOFF_SECONDS=0.05", "HTTP_PORT=" + port, "METRICS_PORT=" + management, "OPERATOR_USER=olga",
                "OPERATOR_PASSWORD=secret");
        app.managementUrl();
        apps.start(Jdks.own(), PackagedApps.ownTopics(), "ORDERS_COUNT=0", "HTTP_PORT=" + limitedPort,
                "METRICS_PORT=" + limitedManagement, "OPERATOR_USER=olga", "OPERATOR_PASSWORD=secret",
                "POST_NEEDS_OPERATOR=true",
                "MAX_POSTS_PER_SECOND=1", "MAX_STREAM_CLIENTS=2", "MAX_CONNECTIONS=" + MOST_CONNECTIONS,
                "HTTP_HOSTS=localhost").managementUrl();
        OrderApp orders = new OrderApp(url(port));
        await().atMost(PATIENCE).until(() -> orders.finished() == 50 && orders.get("/api/dead-letters").size() > 0);
        OperatorClient operator = new OperatorClient(url(port), OPERATOR);
        operator.awaitJobsRead(PATIENCE);
        job = operator.redrive("{\"filter\":{\"key\":\"none has this key\"}}").text("id");
    }

    @AfterAll
    void stop() {
        if (apps != null) {
            apps.close();
        }
    }

    @Test
    void shouldGiveAPassiveScannerNothingToFind() throws IOException {
        // When
        List<ScannedAnswer> answers = new ArrayList<>();
        for (String origin : List.of("", FOREIGN)) {
            gets().forEach(path -> answers.add(ask(port, "GET", path, origin, "")));
            MANAGED.forEach(path -> answers.add(ask(management, "GET", path, origin, "")));
        }
        PageFiles.of(URI.create(url(port) + "/")).forEach((file, answer) -> answers.add(new ScannedAnswer("GET " + file, file,
                answer.statusCode(), new TreeMap<>(answer.headers().map()), PageFiles.text(answer))));
        int good = answers.size();
        gets().forEach(path -> answers.add(ask(port, "OPTIONS", path, PREFLIGHT, "")));
        MANAGED.forEach(path -> answers.add(ask(management, "OPTIONS", path, PREFLIGHT, "")));
        for (String bad : badRequests()) {
            answers.add(raw(port, bad));
            answers.add(raw(management, bad));
        }
        answers.add(raw(port, post("/api/events", "Content-Length: " + TOO_LARGE + "\r\n" + JSON, "")));

        // Then
        assertThat(answers.subList(0, good)).hasSizeGreaterThan(30).allSatisfy(
                answer -> assertThat(answer.status()).as(answer.request()).isEqualTo(200));
        // 414 and 431 are not among them: of such a request not all is read, and an answer may be lost with the connection.
        assertThat(answers.subList(good, answers.size())).extracting(ScannedAnswer::status)
                .contains(400, 401, 403, 404, 405, 413, 415);
        assertThat(answers.stream().flatMap(answer -> PassiveRule.scan(answer).stream())
                // Who signs in does so by what terminates TLS, see docs/operations.md.
                .filter(finding -> !finding.matches("10105 WEAK_AUTHENTICATION (POST|DELETE) \\S+ 401: over http"))).isEmpty();
    }

    /** All GET paths of the document, with a value for each name in them. */
    private List<String> gets() {
        return operations(management).stream().filter(operation -> operation.startsWith("GET "))
                .map(operation -> path(operation)).toList();
    }

    private String path(String operation) {
        return operation.split(" ")[1].replace("{name}", "orders").replace("{id}", job);
    }

    /** What nobody should send, each as it goes over the wire. */
    private List<String> badRequests() {
        Stream<String> lines = Stream.of("GET /nothing", "GET /api/nothing", "GET /q/nothing", "GET /q",
                "GET /q/health/nothing",
                "GET /page/nothing.js", "GET /webjars/x", "GET /_static/x/y", "GET /%zz", "GET /%00", "GET /api/%c0%ae",
                "GET /..%2f",
                "GET /api/../../etc/passwd", "GET /api/orders/stats/%2e%2e/x", "GET //elsewhere.example/",
                "GET /api/dead-letters?limit=x",
                "GET /api/dead-letters?since=%zz", "GET /api/dead-letters?%zz=1", "GET /api/pipelines/%ff/stats",
                "GET /api/pipelines/<script>/stats", "GET /api/pipelines/orders/history?range=<script>", "GET /api/events",
                "TRACE /", "TRACE /api/orders/stats", "CONNECT elsewhere.example:80", "INVENTED /api/orders/stats",
                "PUT /api/events",
                "PROPFIND /", "OPTIONS /api/events", "OPTIONS *", "DELETE /api/dead-letters/redrive/" + job,
                "DELETE /api/dead-letters/redrive/%zz", "POST /api/dead-letters/redrive/" + job + "/resume",
                "GET /" + "x".repeat(9_000),
                "GET /api/application?" + "x".repeat(9_000));
        String get = "GET /api/application HTTP/1.1\r\nHost: x\r\n" + CLOSE;
        String options = "OPTIONS /api/events HTTP/1.1\r\nHost: x\r\n" + CLOSE;
        Stream<String> whole = Stream.of("nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n" + CLOSE + "\r\n",
                get + "X: " + "x".repeat(20_000) + "\r\n\r\n", get + "Accept: application/xml\r\n\r\n",
                get + "Accept: nonsense\r\n\r\n",
                get + "Authorization: Basic !!!\r\n\r\n", get + "Origin: https://elsewhere.example\r\n\r\n",
                get + "X" + "x".repeat(9_000) + ": 1\r\n\r\n", get + "no colon\r\n\r\n", get + "Content-Length: x\r\n\r\n",
                options + "Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
                options + "Origin: http://x\r\nAccess-Control-Request-Method: POST\r\n\r\n",
                post("/api/events", "Content-Length: 2\r\n", "{}"),
                post("/api/events", "Sec-Fetch-Site: cross-site\r\nContent-Length: 2\r\n" + JSON, "{}"),
                "GET /q/health HTTP/1.1\r\n" + CLOSE + "\r\n", "GET /q/nothing HTTP/9.9\r\n\r\n",
                post("/api/dead-letters/redrive", "Content-Length: 2\r\nContent-Type: text/plain\r\n", "{}"),
                post("/api/dead-letters/redrive", "Content-Length: 2\r\nAuthorization: Basic eDp4\r\n" + JSON, "{}"));
        Stream<String> bodies = Stream.concat(NastyTexts.all(),
                Stream.of("", "{", "[".repeat(100_000), "nul\u0000", "\ufeff{}",
                        "{\"eventId\":1e999999999}", "{\"filter\":{\"since\":\"nonsense\"}}", "{\"filter\":[]}",
                        "{\"filter\":{},\"limit\":-1}"));
        Stream<String> broken = Stream.of("/api/events", "/q/health", "/nothing").flatMap(HttpSecurityIT::broken);
        return Stream.of(broken, lines.map(line -> line + " HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n"), whole,
                bodies.flatMap(body -> Stream.of("/api/events", "/api/item-orders", "/api/dead-letters/redrive")
                        .map(path -> post(path, JSON + "Authorization: " + basic(OPERATOR) + "\r\nContent-Length: "
                                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n", body))))
                .flatMap(each -> each).toList();
    }

    /** Bodies that are not what their headers say. */
    private static Stream<String> broken(String path) {
        String chunked = "Transfer-Encoding: chunked\r\n" + JSON;
        return Stream.of(post(path, chunked, "zz\r\n"), post(path, chunked, "2\r\n{}\r\nzz\r\n"),
                post(path, chunked, "2\r\n{}{}\r\n0\r\n\r\n"), post(path, chunked, "fffffffffffffff\r\n"),
                post(path, chunked, "2\r\n{}\r\n0\r\nX: " + "x".repeat(70_000) + "\r\n\r\n"),
                post(path, "Content-Length: 2\r\n" + chunked, "zz\r\n"),
                post(path, "Content-Length: 2\r\n" + JSON, "{}{}\r\n\r\n"),
                post(path, "Content-Length: 2\r\nContent-Length: 3\r\n" + JSON, "{}"),
                post(path, "Content-Length: -1\r\n" + JSON, "{}"), post(path, "Content-Length: x\r\n" + JSON, "{}"),
                post(path, "Content-Length: 9999999999999999999\r\n" + JSON, "{}"),
                post(path, "Content-Length: 2000\r\n" + JSON, " ".repeat(2_000)),
                post(path, "Expect: 100-continue\r\nContent-Length: " + TOO_LARGE + "\r\n" + JSON, ""));
    }

    @Test
    void shouldLogNoErrorForARequestThatNobodyShouldSend() throws IOException {
        // When: each is sent, and sent once more by a client that goes away in the middle of a body
        for (int asked : List.of(port, management)) {
            for (String bad : badRequests()) {
                raw(asked, bad);
            }
            for (String path : List.of("/api/events", "/q/health", "/nothing")) {
                reset(asked, post(path, "Content-Length: 100\r\n" + JSON, "{"));
                reset(asked, post(path, "Transfer-Encoding: chunked\r\n" + JSON, "2\r\n{"));
            }
            assertThat(ask(asked, "GET", "/nothing", "", "").status()).isEqualTo(404);
        }

        // Then
        assertThat(app.matches("QuarkusErrorHandler|\"loggerName\":\"io\\.(orderstream\\.web|vertx|netty)")).isEmpty();
    }

    private static void reset(int port, String request) throws IOException {
        try (Socket client = new Socket("localhost", port)) {
            client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            client.setSoLinger(true, 0);
        }
    }

    @Test
    void shouldHaveNothingOfOnePortOnTheOther() throws IOException {
        for (String path : MANAGED) {
            assertThat(ask(port, "GET", path, "", "").status()).as(path).isEqualTo(404);
        }
        for (String operation : operations(management)) {
            assertThat(ask(management, operation.split(" ")[0], path(operation), "", "").status()).as(operation).isEqualTo(404);
        }
        for (String path : List.of("/", "/index.html", "/page/app.js")) {
            assertThat(ask(management, "GET", path, "", "").status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void shouldLetOnlyTheOperatorChangeAnythingIfTheSettingSaysSo() {
        assertThat(changes()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(operation -> {
            for (String credentials : List.of("", "Authorization: Basic eDp4\r\n", "Authorization: Bearer x\r\n")) {
                assertThat(patient(operation, credentials).status()).as(operation).isEqualTo(401);
            }
            assertThat(patient(operation, "Authorization: " + basic(OPERATOR) + "\r\n").status()).as(operation)
                    .isNotIn(401, 403, 405);
        });
    }

    @Test
    void shouldLimitHowOftenAndByHowManyBytesAnythingIsChanged() {
        assertThat(changes()).allSatisfy(operation -> {
            // Of which one more is taken each second
            await().atMost(PATIENCE).untilAsserted(() -> {
                change(limitedPort, operation, "");
                ScannedAnswer refused = change(limitedPort, operation, "");
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("retry-after")).isEqualTo("1");
                assertThat(refused.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
            });
            ScannedAnswer large = raw(limitedPort, line(operation, "Content-Length: " + TOO_LARGE + "\r\n" + JSON));
            assertThat(large.status()).as(operation).isEqualTo(413);
            assertThat(large.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
        });
    }

    @Test
    void shouldLetNoPageOfAnotherOriginChangeAnything() {
        assertThat(changes()).allSatisfy(operation -> {
            for (String page : List.of("Origin: https://elsewhere.example\r\n", "Sec-Fetch-Site: same-site\r\n",
                    "Origin: null\r\n")) {
                String signedIn = page + "Authorization: " + basic(OPERATOR) + "\r\n";
                assertThat(change(port, operation, signedIn).status()).as(operation).isEqualTo(403);
            }
        });
    }

    @Test
    void shouldAnswerUnderNoNameButItsOwn() throws IOException {
        for (String path : Stream.concat(gets().stream(), Stream.of("/", "/page/app.js", "/nothing")).toList()) {
            assertThat(raw(limitedPort, "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE + "\r\n").status())
                    .as(path)
                    .isEqualTo(421);
        }
        assertThat(ask(limitedPort, "GET", "/api/application", "", "").status()).isEqualTo(200);
        assertThat(raw(limitedManagement, "GET /q/health/live HTTP/1.1\r\nHost: 10.1.2.3\r\n" + CLOSE + "\r\n").status())
                .isEqualTo(200);
    }

    @Test
    void shouldHaveSoManyEventStreamsOpenAndNoMore() {
        // Given
        EventStream first = new EventStream(url(limitedPort));
        EventStream second = new EventStream(url(limitedPort), "/api/pipelines/orders/stream");
        await().atMost(PATIENCE).until(() -> !first.events().isEmpty() && !second.events().isEmpty());

        // When
        List<ScannedAnswer> further = Stream.of("/api/stream", "/api/pipelines/events/stream")
                .map(path -> ask(limitedPort, "GET", path, "", "")).toList();

        // Then
        assertThat(further).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("5");
            assertThat(answer.header("content-type")).isEqualTo(Problem.MEDIA_TYPE);
        });
        first.close();
        await().atMost(PATIENCE).until(() -> ask(limitedPort, "GET", "/api/stream", "", "").status() == 200);
        second.close();
    }

    @Test
    void shouldHaveSoManyConnectionsOpenAndNoMore() throws IOException {
        // When
        List<Socket> open = allConnections();
        try {
            // Then: clients of other tests may still hold some
            assertThat(open).hasSizeBetween(MOST_CONNECTIONS / 2, MOST_CONNECTIONS).allMatch(HttpSecurityIT::isAnswered);
            for (String path : List.of("/q/health/live", "/q/metrics")) {
                assertThat(ask(limitedManagement, "GET", path, "", "").status()).as(path).isEqualTo(200);
            }
        } finally {
            close(open);
        }
        await("as many once more").atMost(PATIENCE).until(() -> {
            List<Socket> again = allConnections();
            close(again);
            return again.size() >= open.size();
        });
    }

    /** Opens connections until one is refused. */
    private List<Socket> allConnections() throws IOException {
        List<Socket> open = new ArrayList<>();
        Socket further = new Socket("localhost", limitedPort);
        while (open.size() <= MOST_CONNECTIONS && isAnswered(further)) {
            open.add(further);
            further = new Socket("localhost", limitedPort);
        }
        further.close();
        return open;
    }

    private static void close(List<Socket> connections) throws IOException {
        for (Socket each : connections) {
            each.close();
        }
    }

    /** Over a connection that is kept open, unless it has been closed. */
    private static boolean isAnswered(Socket client) {
        String head = "";
        try {
            client.setSoTimeout((int) PATIENCE.toMillis());
            client.getOutputStream().write("HEAD /api/application HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            int next = 0;
            while (next >= 0 && !head.endsWith("\r\n\r\n")) {
                next = client.getInputStream().read();
                head += (char) next;
            }
        } catch (SocketException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError("neither answered nor closed", e);
        }
        return head.startsWith("HTTP/1.1 200 ");
    }

    /** Method and path of all that changes something, by the document and by the recorded contract. */
    private Set<String> changes() {
        Set<String> described = operations(limitedManagement).stream().filter(operation -> !operation.startsWith("GET "))
                .collect(Collectors.toSet());
        try (Stream<String> recorded = Files.lines(Path.of("src/test/resources/contract/rest.txt"))) {
            assertThat(described).containsExactlyInAnyOrderElementsOf(
                    recorded.filter(line -> !line.startsWith("GET ") && !line.contains(" /api/dev"))
                            .map(line -> line.replaceAll(" consumes .*", "")).toList());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return described;
    }

    private static Set<String> operations(int management) {
        return new ApiDescription(new ApiClient(url(management)).get(DOCUMENT).body()).operations();
    }

    /** Asks again while it is asked too often. */
    private ScannedAnswer patient(String operation, String headers) {
        return await().atMost(PATIENCE).until(() -> change(limitedPort, operation, headers), answer -> answer.status() != 429);
    }

    private ScannedAnswer change(int port, String operation, String headers) {
        return raw(port, line(operation, headers + JSON + "Content-Length: 2\r\n") + "{}");
    }

    private String line(String operation, String headers) {
        return operation.split(" ")[0] + " " + path(operation) + " HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + headers + "\r\n";
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + CLOSE + headers + "\r\n" + body;
    }

    private ScannedAnswer ask(int port, String method, String path, String headers, String body) {
        return raw(port, method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + headers + "\r\n" + body);
    }

    private ScannedAnswer raw(int port, String request) {
        String line = request.substring(0, Math.min(request.indexOf('\r'), 100)).replaceFirst(" HTTP/1.1$", "");
        try (Socket client = new Socket("localhost", port)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            return ScannedAnswer.of(line, URI.create(url(port) + "/"), answer(client, request));
        } catch (IOException e) {
            throw new AssertionError("no answer to " + line, e);
        }
    }

    /** Of a stream the beginning; nothing if the connection was only closed. */
    private static String answer(Socket client, String request) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8_192];
        try {
            client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            for (int read = client.getInputStream().read(buffer); read >= 0; read = client.getInputStream().read(buffer)) {
                text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                if (text.indexOf("text/event-stream") >= 0 && text.indexOf("data:") >= 0) {
                    break;
                }
            }
        } catch (SocketException e) {
            // It was closed before all was sent: what has come until then is the answer.
        }
        return text.toString();
    }

    private static String url(int port) {
        return "http://localhost:" + port;
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseAStartWhereOnlyAnOperatorMayPublishAndThereIsNone() {
        assertThat(
                apps.start(Jdks.own(), Map.of(), "POST_NEEDS_OPERATOR=true").awaitLine("POST_NEEDS_OPERATOR must be false, or "
                        + "OPERATOR_USER be set as well, but is 'true'\\.", PATIENCE))
                .isNotNull();
    }
}
