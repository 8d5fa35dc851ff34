package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.order.PoisonOrderException;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.FulfilmentServer;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.FulfilmentServer.Ending;
import io.orderstream.testsupport.FulfilmentServer.Reply;
import io.orderstream.testsupport.HostileServer;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.vertx.core.Vertx;

/** The calls themselves; no order comes from Kafka here. */
@Tag("full")
class FulfilmentOrderHandlerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int LARGE = 30;

    private static Vertx vertx;
    private static FulfilmentServer endpoint;

    private FulfilmentCalls calling;
    private int callsBefore;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        endpoint = new FulfilmentServer().start();
    }

    @AfterAll
    static void close() {
        endpoint.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void callsStartHere() {
        answeredWithin(PATIENCE);
        endpoint.answer(call -> of(200));
        callsBefore = endpoint.calls().size();
    }

    private void answeredWithin(Duration timeout) {
        calling = new FulfilmentCalls(vertx, timeout);
    }

    @AfterEach
    void closeConnections() {
        calling.close();
        await().atMost(PATIENCE).until(() -> endpoint.connections() == 0);
    }

    @Test
    void shouldCallTheUrlAsItIsSet() {
        // When
        List<Throwable> failures = calling.failures(endpoint.url() + "/a%20b/?of=orders&x=%2F", 1, 1);

        // Then
        assertThat(failures).isEmpty();
        assertThat(calls()).extracting(Call::uri).containsExactly("/fulfilments/a%20b/?of=orders&x=%2F");
    }

    @ParameterizedTest
    @ValueSource(strings = { "text/html", "image/png; a", "nonsense", "application/json" })
    void shouldNotMindWhatAnAnswerSaysInWhichFormat(String contentType) {
        // Given
        endpoint.answer(call -> of(200).with("Content-Type", contentType).saying("{ not json"));

        // Then
        assertThat(calling.failures(endpoint.url(), 1, 1)).isEmpty();

        // And when
        endpoint.answer(call -> of(400).with("Content-Type", contentType).saying("{ not json"));

        // Then
        assertThat(calling.failures(endpoint.url(), 1, 1)).singleElement().isInstanceOf(PoisonOrderException.class).asString()
                .contains("HTTP 400 Bad Request");
    }

    @Test
    void shouldFollowNoRedirect() {
        // Given
        endpoint.answer(call -> call.uri().equals("/elsewhere") ? of(200) : of(303).with("Location", "/elsewhere"));

        // Then
        assertThat(calling.failures(endpoint.url(), 1, 1)).singleElement().isInstanceOf(UnavailableException.class)
                .asString().contains("HTTP 303 See Other");
        assertThat(calls()).hasSize(1);
    }

    @TimedTest
    void shouldGiveUpAnAnswerThatIsNotThereInTime() {
        assertThatItIsGivenUp(of(200).after(PATIENCE), TIMEOUT.multipliedBy(2), "exceeded while executing POST /fulfilments");
    }

    @TimedTest
    void shouldGiveUpAnAnswerThatIsNotCompleteInTime() {
        assertThatItIsGivenUp(of(200).but(Ending.TRICKLING), TIMEOUT.multipliedBy(4), "not complete within 2000 ms");
    }

    private void assertThatItIsGivenUp(Reply reply, Duration atMost, String reason) {
        // Given
        answeredWithin(TIMEOUT);
        endpoint.answer(call -> reply);
        long start = System.nanoTime();

        // When
        List<Throwable> failures = calling.failures(endpoint.url(), 1, 1);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        // Then
        TooLate.check("to give up", took, atMost);
        assertThat(failures).singleElement().isExactlyInstanceOf(IllegalStateException.class)
                .asString().contains("no answer: ", reason);
        assertThat(took).isGreaterThanOrEqualTo(TIMEOUT);
        await().atMost(PATIENCE).until(() -> endpoint.connections() == 0);
    }

    @Test
    void shouldTakeAnAnswerThatIsCutOffForAFailedAttempt() {
        // Given
        endpoint.answer(call -> of(200).but(Ending.CUT_OFF));

        // Then
        assertThat(calling.failures(endpoint.url(), 1, 1)).singleElement().isExactlyInstanceOf(IllegalStateException.class)
                .asString().contains("no answer: ");
    }

    @ParameterizedTest
    @ValueSource(ints = { 200, 500, 400 })
    void shouldReadOnlyTheBeginningOfALargeAnswer(int status) {
        // Given
        String head = "HTTP/1.1 " + status + " Large\r\nContent-Length: 60000000\r\n\r\nsorry, ";
        try (HostileServer large = new HostileServer(head, "so sorry".repeat(1_000).getBytes(StandardCharsets.UTF_8),
                60_000_000, 0)) {
            // When
            List<Throwable> failures = calling.failures(large.url(), LARGE, LARGE);

            // Then
            if (status == 200) {
                assertThat(failures).isEmpty();
            } else {
                assertThat(failures).hasSize(LARGE).allSatisfy(failure -> assertThat(failure)
                        .hasMessageStartingWith("HTTP " + status).hasMessageContaining("sorry, so sorry")
                        .satisfies(it -> assertThat(it.getMessage()).hasSizeLessThan(300)));
            }
            await().atMost(PATIENCE).until(() -> large.open() == 0);
            assertThat(large.written()).as("bytes of %d answers", LARGE).isLessThan(LARGE * 8_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 120, 1_500 })
    void shouldMakeAsManyCallsBesideEachOtherAsAllowedEachOverAConnectionOfItsOwn(int many) {
        // Given
        AtomicInteger underWay = new AtomicInteger();
        CompletableFuture<Integer> connections = new CompletableFuture<>();
        endpoint.answer(call -> {
            if (underWay.incrementAndGet() == many) {
                connections.complete(endpoint.connections());
            }
            return of(200).once(connections);
        });

        // When
        List<Throwable> failures = calling.failures(endpoint.url(), many, many);

        // Then
        assertThat(failures).isEmpty();
        assertThat(connections).isCompletedWithValue(many);
    }

    @TimedTest
    void shouldLetNoTimeRunForCallsThatWaitForTheirTurn() {
        // Given
        answeredWithin(TIMEOUT);
        Reply slow = of(200).after(Duration.ofMillis(400));
        endpoint.answer(call -> slow);
        Duration turns = slow.after().multipliedBy(5);

        // Then
        assertThat(assertThatAllAreTaken(2, 10, turns.plusMillis(500))).isGreaterThan(turns.minusMillis(50));
        assertThat(endpoint.connections()).isEqualTo(2);
    }

    /**
     * How long that took.
     *
     * @param unlessLate if it took longer, calls may have failed for that alone
     */
    private Duration assertThatAllAreTaken(int connections, int calls, Duration unlessLate) {
        long start = System.nanoTime();
        List<Throwable> failures = calling.failures(endpoint.url(), connections, calls);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (!failures.isEmpty() && took.compareTo(unlessLate) > 0) {
            throw new TooLate(calls + " calls took " + took + ", and these failed: " + failures);
        }
        assertThat(failures).isEmpty();
        return took;
    }

    @TimedTest
    void shouldMakeNoFurtherCallOnceTheEndpointHasAskedToBeLeftAlone() {
        // Given
        Duration untilItAsks = Duration.ofMillis(100);
        endpoint.answer(call -> of(503).with("Retry-After", "1").after(untilItAsks));

        // Then
        assertThat(calling.failures(endpoint.url(), 2, 10)).hasSize(10).allSatisfy(
                failure -> assertThat(((UnavailableException) failure).retryAfter()).contains(Duration.ofSeconds(1)));
        List<Call> made = calls();
        Duration between = Duration.ofNanos(made.get(made.size() - 1).nanos() - made.get(0).nanos());
        if (made.size() > 3 && between.compareTo(untilItAsks) > 0) {
            throw new TooLate("orders came when the endpoint had asked already: calls were made for " + between);
        }
        assertThat(made).hasSizeBetween(1, 3);
    }

    @Test
    void shouldTellAServerThatTakesNoConnectionFromOneThatDoesNotAnswer() throws IOException {
        // Given: a queue of connections that is full
        answeredWithin(TIMEOUT);
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                Socket second = new Socket(deaf.getInetAddress(), deaf.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();

            // Then
            assertThat(calling.failures("http://localhost:" + deaf.getLocalPort(), 1, 1)).singleElement()
                    .isInstanceOf(UnavailableException.class).asString().contains("not reached: connection timed out");
        }
    }

    @Test
    void shouldBlameNoOrderForAConnectionThatDoesNotComeAbout() {
        assertThat(calling.failures(endpoint.url().replace("http:", "https:"), 1, 1)).singleElement()
                .isInstanceOf(UnavailableException.class);
        endpoint.stop();
        try {
            assertThat(calling.failures(endpoint.url(), 1, 1)).singleElement().isInstanceOf(UnavailableException.class)
                    .asString().contains("not reached: Connection refused");
        } finally {
            endpoint.start();
        }
    }

    private List<Call> calls() {
        return endpoint.calls().subList(callsBefore, endpoint.calls().size());
    }
}
