package io.orderstream.web;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;

/** Over HTTP, with the routes that Quarkus has on the management port. With Quarkus: HttpSecurityIT. */
class ManagementPortTest {

    private final Vertx vertx = Vertx.vertx();
    /** Of these Quarkus would log an error, with a stack trace. */
    private final Queue<Throwable> logged = new ConcurrentLinkedQueue<>();
    private int port;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        router.route("/q/health").handler(request -> request.response().end("UP"));
        router.route("/q/broken").handler(request -> {
            throw new IllegalStateException("boom");
        });
        router.route().last().failureHandler(request -> {
            logged.add(request.failure());
            request.response().setStatusCode(500).end("as Quarkus answers");
        });
        router.route().order(Integer.MIN_VALUE).handler(BodyHandler.create(false).setBodyLimit(1_024));
        router.route().order(Integer.MIN_VALUE).handler(CorsHandler.create().addOrigin("*"));
        router.route().order(Integer.MIN_VALUE).handler(request -> {
            request.response().putHeader("X-Own", "route");
            request.next();
        });
        new ProblemRoutes(new ObjectMapper(), "q", Map.of("X-Own", "answer")).add(() -> router);
        port = vertx.createHttpServer().requestHandler(router).listen(0).toCompletionStage().toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS).actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "Access-Control-Request-Method: GET\r\n" })
    void shouldLetNoPageOfAnotherOriginRead(String preflight) throws IOException {
        for (String origin : new String[] { "https://elsewhere.example", "null", "http://x", "nonsense" }) {
            for (String method : new String[] { "GET", "OPTIONS" }) {
                assertThat(ask(method + " /q/health HTTP/1.1\r\nHost: x\r\nOrigin: " + origin + "\r\n" + preflight, ""))
                        .contains(" 200 ", "X-Own: route", "UP").doesNotContainIgnoringCase("access-control-");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "GET /q/nothing HTTP/1.1, 404", "GET /nothing HTTP/1.1, 404", "OPTIONS * HTTP/1.1, 404",
            "CONNECT x:80 HTTP/1.1, 404", "GET /%zz HTTP/1.1, 400" })
    void shouldAnswerAMalformedRequestWithAProblem(String line, int status) throws IOException {
        assertThat(ask(line + "\r\nHost: x\r\n", "")).contains(" " + status + " ", Problem.MEDIA_TYPE)
                .containsOnlyOnce("X-Own: ");
    }

    @Test
    void shouldAnswerWhatIsMalformedItself() throws IOException {
        assertThat(post("Content-Length: 2000\r\n", " ".repeat(2_000))).contains(" 413 ", Problem.MEDIA_TYPE);
        assertThat(post("Content-Length: 2000\r\n", "")).as("without waiting for it").contains(" 413 ", Problem.MEDIA_TYPE);
        assertThat(ask("GET /q/health HTTP/1.1\r\n", "")).contains(" 400 ", Problem.MEDIA_TYPE);
        assertThat(post("Content-Length: 2\r\n", "{}")).contains(" 200 ", "UP");
        assertThat(logged).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "zz\r\n", "2\r\n{}\r\nzz\r\n", "2\r\n{" })
    void shouldCloseTheConnectionOfABodyThatCannotBeRead(String body) throws Exception {
        // When
        try (Socket client = request("POST /q/health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n", body)) {
            if (body.contains("z")) {
                assertThat(client.getInputStream().readAllBytes()).asString().doesNotContain(" 200 ", " 500 ");
            } else {
                client.setSoLinger(true, 0);
            }
        }

        // Then: the server goes on, and by the end has been told of each connection
        assertThat(ask("GET /q/health HTTP/1.1\r\nHost: x\r\n", "")).contains(" 200 ");
        stop();
        assertThat(logged).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "GET", "POST" })
    void shouldLeaveAFailureOfItsOwnToQuarkus(String method) throws IOException {
        assertThat(ask(method + " /q/broken HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", "")).contains(" 500 ",
                "as Quarkus answers");
        assertThat(logged).hasSize(1);
    }

    private String post(String headers, String body) throws IOException {
        return ask("POST /q/health HTTP/1.1\r\nHost: x\r\n" + headers, body);
    }

    private String ask(String head, String body) throws IOException {
        try (Socket client = request(head, body)) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket request(String head, String body) throws IOException {
        Socket client = new Socket("localhost", port);
        client.getOutputStream().write((head + "Connection: close\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
        return client;
    }
}
