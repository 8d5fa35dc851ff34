package io.orderstream.web;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

/** Over HTTP, before a resource that waits for the body and then answers 200, or waits until it may. */
class RequestGuardTest {

    private static final String HOST = "localhost:8080";
    private static final int MANY = 1_000;
    private static final int MOST_BYTES = 20 * 1_024 * 1_024;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String CLOSE = "Connection: close\r\n";

    private record Settings(int maxPostsPerSecond, Optional<List<String>> hosts) implements HttpSettings {

        @Override
        public boolean postNeedsOperator() {
            return false;
        }

        @Override
        public int maxStreamClients() {
            return 1;
        }

        @Override
        public int maxConnections() {
            return 2;
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch answer = new CountDownLatch(1);
    private int port;

    @AfterEach
    void stop() throws Exception {
        answer.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void start(int perSecond, Duration bodyTime, String... hosts) throws Exception {
        ProblemRoutes problems = new ProblemRoutes(new ObjectMapper(), "q", Map.of());
        Settings settings = new Settings(perSecond, hosts.length == 0 ? Optional.empty() : Optional.of(List.of(hosts)));
        Router router = Router.router(vertx);
        new RequestGuard(problems, settings, MOST_BYTES, bodyTime).add(router);
        router.route("/wait").handler(request -> request.request().handler(buffer -> {
        }).endHandler(read -> vertx.<Void> executeBlocking(() -> {
            answer.await();
            return null;
        }, false).onComplete(may -> request.response().end("done"))).resume());
        router.route().handler(request -> request.request().handler(buffer -> {
        }).endHandler(read -> request.response().end("done")).resume());
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            // As Quarkus does
            request.pause();
            router.handle(request);
        });
        port = server.listen(0).toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .actualPort();
    }

    private void start() throws Exception {
        start(MANY, PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "-, -", "same-origin, -", "same-origin, http://localhost:8080",
            "-, http://localhost:8080", "-, https://localhost:8080", "same-origin, https://forwarded.example" })
    void shouldLetItsOwnPagePassAndWhatIsNoBrowser(String site, String origin) {
        assertThat(RequestGuard.isFromThisOrigin(site, origin, HOST)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "cross-site, https://elsewhere.example", "cross-site, -", "cross-site, null",
            "same-site, http://localhost:3000", "same-site, http://localhost:8080", "-, https://elsewhere.example",
            "-, http://localhost:3000", "-, http://localhost", "-, null", "-, ''", "-, http://http://localhost:8080", "'', -" })
    void shouldKeepOutPagesOfOtherOrigins(String site, String origin) {
        assertThat(RequestGuard.isFromThisOrigin(site, origin, HOST)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "INVENTED" })
    void shouldLetNoPageOfAnotherOriginChangeSomething(String method) throws Exception {
        // Given
        start();

        // Then
        assertThat(ask(method, "/", "Origin: https://elsewhere.example\r\n")).contains(" 403 ", "only a page of this origin")
                .doesNotContainIgnoringCase("access-control-");
        assertThat(ask(method, "/", "Sec-Fetch-Site: cross-site\r\n")).contains(" 403 ");
        assertThat(ask(method, "/", "Origin: http://x\r\n")).contains(" 200 ");
        assertThat(ask("GET", "/", "Origin: https://elsewhere.example\r\n")).contains(" 200 ");
    }

    @Test
    void shouldAnswerUnderTheNamesItHas() throws Exception {
        // Given
        start(MANY, PATIENCE, "Orders.example", "::1", "127.0.0.1");

        // Then
        for (String host : List.of("orders.example", "ORDERS.example:8080", "[::1]:80", "[::1]", "127.0.0.1:1")) {
            assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + CLOSE + "\r\n")).as(host).contains(" 200 ");
        }
        for (String host : List.of("evil.example", "orders.example.evil.example", "orders.example.", "x", "[::2]")) {
            assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + CLOSE + "\r\n")).as(host).contains(" 421 ",
                    "HTTP_HOSTS");
        }
        assertThat(raw("GET / HTTP/1.0\r\n\r\n")).contains(" 421 ");
    }

    @Test
    void shouldTakeABodyOnlyIfItsTypeIsStated() throws Exception {
        // Given
        start();

        // Then
        assertThat(ask("POST", "/", "Content-Length: 2\r\n", "{}")).contains(" 415 ", "application/json");
        assertThat(ask("POST", "/", "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")).contains(" 415 ");
        assertThat(ask("POST", "/", JSON + "Content-Length: 2\r\n", "{}")).contains(" 200 ");
        assertThat(ask("POST", "/", "")).contains(" 200 ");
    }

    @Test
    void shouldTakeNoBodyThatIsTooLarge() throws Exception {
        // Given
        start();

        // Then
        assertThat(ask("POST", "/", JSON + "Content-Length: " + (MOST_BYTES + 1) + "\r\n")).contains(" 413 ",
                "more than the " + MOST_BYTES + " bytes");
        assertThat(ask("DELETE", "/", JSON + "Content-Length: 9223372036854775807\r\n")).contains(" 413 ");
    }

    @Test
    void shouldTakeSoManyRequestsASecondAndSayWhenThereMayBeMore() throws Exception {
        // Given: none more is due for so long
        int few = 1;
        start(few, PATIENCE);

        // When
        List<String> answers = IntStream.range(0, 40).mapToObj(number -> ask(number % 2 == 0 ? "POST" : "DELETE", "/", ""))
                .toList();

        // Then: however slow this machine is, some came within the same second
        assertThat(answers.get(0)).contains(" 200 ");
        assertThat(answers).anySatisfy(refused -> assertThat(refused).contains(" 429 ", "\r\nretry-after: 1\r\n",
                "no more than 1 requests a second", "MAX_POSTS_PER_SECOND", "application/problem+json"));
        assertThat(ask("GET", "/", "")).contains(" 200 ");
        await().atMost(PATIENCE).until(() -> ask("POST", "/", "").contains(" 200 "));
    }

    @Test
    void shouldReadTheNextRequestAfterARefusedBody() throws Exception {
        // Given
        start();

        // Then: the body is not taken for it
        assertThat(raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 15\r\n\r\nGET /x HTTP/1.1GET / HTTP/1.1\r\nHost: x\r\n"
                + CLOSE + "\r\n")).contains(" 415 ", " 200 ");
    }

    @Test
    void shouldHoldNoMoreBodiesThanItHasMemoryForAndForgetThoseOfClientsThatGo() throws Exception {
        // Given: 60 of 64 MiB
        start();
        String large = "POST /wait HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: " + MOST_BYTES + "\r\n\r\n";
        String chunked = "POST /wait HTTP/1.1\r\nHost: x\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n";
        List<Socket> clients = new ArrayList<>();
        for (String request : List.of(large, chunked, large)) {
            clients.add(request(request));
        }

        // When
        await().atMost(PATIENCE).until(() -> ask("POST", "/", JSON + "Content-Length: 5000000\r\n").contains(" 503 "));

        // Then: what is small still has room, and all has once they are gone
        assertThat(ask("POST", "/", JSON + "Content-Length: 2\r\n", "{}")).contains(" 200 ");
        for (Socket client : clients) {
            client.setSoLinger(true, 0);
            client.close();
        }
        String body = " ".repeat(5_000_000);
        await().atMost(PATIENCE)
                .until(() -> ask("POST", "/", JSON + "Content-Length: 5000000\r\n", body).contains(" 200 "));
    }

    @Test
    void shouldNotWaitForABodyThatDoesNotCome() throws Exception {
        // Given
        start(MANY, Duration.ofSeconds(1));

        // When: the client neither goes on nor goes
        String answered = raw("POST / HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: 100\r\n\r\n{");

        // Then
        assertThat(answered).contains(" 408 ", "was not here within 1 seconds", "connection: close");
    }

    @Test
    void shouldWaitAsLongAsItTakesForTheAnswerToABodyThatHasCome() throws Exception {
        // Given
        start(MANY, Duration.ofMillis(100));
        try (Socket client = request("POST /wait HTTP/1.1\r\nHost: x\r\n" + CLOSE + JSON + "Content-Length: 2\r\n\r\n{}")) {
            // When: a second one, whose body does not come, is given up, so that the time of the first is over too
            assertThat(raw("POST / HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: 100\r\n\r\n{")).contains(" 408 ");
            answer.countDown();

            // Then
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains(" 200 ");
        }
    }

    @Test
    void shouldBoundARateWithTheRequestsOfOneSecondAtOnce() {
        // Given
        long start = Long.MAX_VALUE - 500_000_000L;
        PostRate rate = new PostRate(10, start);

        // Then: also where the clock begins again
        assertThat(taken(rate, start)).isEqualTo(10);
        assertThat(taken(rate, start + 99_000_000)).isZero();
        assertThat(taken(rate, start + 100_000_000)).isEqualTo(1);
        assertThat(taken(rate, start + 600_000_000)).isEqualTo(5);
        assertThat(taken(rate, start + 60_000_000_000L)).isEqualTo(10);
    }

    private static long taken(PostRate rate, long now) {
        return Stream.generate(() -> rate.take(now)).limit(MANY).filter(taken -> taken).count();
    }

    @Test
    void shouldCountWhatIsUnderWay() {
        // Given
        PostsUnderWay underWay = new PostsUnderWay(2, 100);

        // Then
        assertThat(underWay.begin(101)).isFalse();
        assertThat(underWay.begin(60)).isTrue();
        assertThat(underWay.begin(41)).isFalse();
        assertThat(underWay.begin(40)).isTrue();
        assertThat(underWay.begin(0)).isFalse();
        underWay.end(60);
        assertThat(underWay.begin(60)).isTrue();
        underWay.end(40);
        underWay.end(60);
        assertThat(underWay.begin(100)).isTrue();
        assertThat(underWay.begin(Long.MAX_VALUE)).isFalse();
    }

    private String ask(String method, String path, String headers) {
        return ask(method, path, headers, "");
    }

    private String ask(String method, String path, String headers, String body) {
        try {
            return raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + CLOSE + headers + "\r\n" + body);
        } catch (IOException e) {
            throw new AssertionError(method, e);
        }
    }

    private String raw(String request) throws IOException {
        try (Socket client = request(request)) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket request(String request) throws IOException {
        Socket client = new Socket("localhost", port);
        client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return client;
    }
}
