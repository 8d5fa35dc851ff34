package io.orderstream.support;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.support.BoundedHttp.Answer;
import io.orderstream.support.BoundedHttp.Limits;
import io.orderstream.testsupport.HostileServer;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/** Servers that send more, or take longer, than anybody wants. */
class BoundedHttpTest {

    private static final int KEPT = 100;
    private static final int READ = 10_000;
    private static final int CALLS = 30;
    private static final long MUCH = 60_000_000;
    private static final Duration SHORT = Duration.ofMillis(300);
    /** What sockets hold that nobody has read: buffers of sender and receiver. */
    private static final long IN_SOCKETS = 8_000_000;
    private static final byte[] XS = "x".repeat(8_000).getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] CHUNKS = ("1f40\r\n" + "x".repeat(8_000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);

    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 60000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n", "\r\n" })
    void shouldReadTheBeginningOfALargeBodyAndCloseTheConnection(String headers) {
        byte[] again = headers.startsWith("Transfer") ? CHUNKS : XS;
        try (HostileServer server = new HostileServer("HTTP/1.1 500 Oh dear\r\n" + headers, again, MUCH, 0);
                BoundedHttp http = http(PATIENCE)) {
            // When
            List<CompletableFuture<Answer>> answers = IntStream.range(0, CALLS).mapToObj(call -> send(http, server)).toList();

            // Then
            answers.forEach(future -> {
                Answer answer = future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.isCut()).isTrue();
                assertThat(answer.body().toString()).isEqualTo("x".repeat(KEPT));
            });
            await().atMost(PATIENCE).until(() -> server.open() == 0);
            assertThat(server.written()).as("of %d bytes", CALLS * MUCH).isLessThan(CALLS * IN_SOCKETS);
        }
    }

    @Test
    void shouldNotDecompress() {
        try (HostileServer server = new HostileServer(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", XS, 0, 0);
                BoundedHttp http = http(PATIENCE)) {
            assertThat(send(http, server).join().body()).hasToString("abcde");
            assertThatThrownBy(() -> new BoundedHttp(vertx, new HttpClientOptions().setDecompressionSupported(true),
                    new PoolOptions(), new Limits(SHORT, KEPT, READ))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" })
    void shouldGiveUpAnAnswerThatComesByteByByte(String beginning) {
        byte[] again = beginning.endsWith("chunked\r\n\r\n") ? "1\r\nx\r\n".getBytes(StandardCharsets.ISO_8859_1)
                : new byte[] { 'H' };
        try (HostileServer server = new HostileServer(beginning, again, MUCH, 20); BoundedHttp http = http(SHORT)) {
            assertThatThrownBy(() -> send(http, server).join()).isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class).hasMessageContaining("not complete within 300 ms");
            await().atMost(PATIENCE).until(() -> server.open() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "HTTP/1.1 200 OK\r\nLong: ", "HTTP/1.1 200 ", "" })
    void shouldRefuseHeadersWithoutEnd(String beginning) {
        try (HostileServer server = new HostileServer(beginning, XS, MUCH, 0); BoundedHttp http = http(PATIENCE)) {
            assertThatThrownBy(() -> send(http, server).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                    .isInstanceOf(CompletionException.class);
            await().atMost(PATIENCE).until(() -> server.open() == 0);
            assertThat(server.written()).isLessThan(IN_SOCKETS);
        }
    }

    @Test
    void shouldRefuseManyHeaders() {
        try (HostileServer server = new HostileServer("HTTP/1.1 200 OK\r\n",
                "Name: value\r\n".getBytes(StandardCharsets.ISO_8859_1), MUCH, 0); BoundedHttp http = http(PATIENCE)) {
            assertThatThrownBy(() -> send(http, server).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                    .isInstanceOf(CompletionException.class);
            await().atMost(PATIENCE).until(() -> server.open() == 0);
        }
    }

    @Test
    void shouldNotFollowARedirect() {
        try (HostileServer server = new HostileServer(
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n", XS, 0, 0);
                BoundedHttp http = http(PATIENCE)) {
            assertThat(send(http, server).join()).satisfies(answer -> {
                assertThat(answer.status()).isEqualTo(302);
                assertThat(answer.retryAfter()).contains("5");
                assertThat(answer.isCut()).isFalse();
            });
        }
    }

    @Test
    void shouldCloseTheConnectionOfACallThatIsCancelled() {
        try (HostileServer server = new HostileServer("HTTP/1.1 200 OK\r\n\r\n", new byte[1], MUCH, 20);
                BoundedHttp http = http(PATIENCE)) {
            // Given
            Cancellable call = http.send(request(server), null).subscribe().with(answer -> {
            });
            await().atMost(PATIENCE).until(() -> server.open() == 1);

            // When
            call.cancel();

            // Then
            await().atMost(PATIENCE).until(() -> server.open() == 0);
        }
    }

    private static BoundedHttp http(Duration whole) {
        return new BoundedHttp(vertx, new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CALLS),
                new Limits(whole, KEPT, READ));
    }

    private static CompletableFuture<Answer> send(BoundedHttp http, HostileServer server) {
        return http.send(request(server), null).subscribeAsCompletionStage();
    }

    private static RequestOptions request(HostileServer server) {
        return new RequestOptions().setAbsoluteURI(server.url() + "/").setMethod(HttpMethod.POST);
    }
}
