package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.outage.Outage;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/**
 * A handler whose calls fail is an outage of what it calls, and no order becomes a dead letter for it: with the annotations.
 */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderOutageTest extends OrderPipelineFixture {

    private static final int ORDERS = 300;
    static final int ATTEMPTS = 4;
    private static final Duration QUICK = Duration.ofMillis(10);
    /** More than the window holds. */
    private static final int BAD = 30;

    private final AtomicBoolean isDown = new AtomicBoolean();
    private long finishedBefore;
    private long deadLetteredBefore;

    @Inject
    Outages outages;

    @BeforeEach
    void count() {
        finishedBefore = app.finished();
        deadLetteredBefore = deadLettered();
    }

    /** Sends orders that fail while the dependency is down, and of those that do not, some that are poison. */
    private List<String> send(int orders, Predicate<Integer> poison) {
        String run = UUID.randomUUID().toString();
        List<String> ids = IntStream.range(0, orders).mapToObj(number -> run + "-" + number).toList();
        for (int number = 0; number < orders; number++) {
            boolean isPoison = poison.test(number);
            handler.answer(ids.get(number), () -> answer(isPoison));
        }
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id)))
                .toList());
        return ids;
    }

    private Uni<Void> answer(boolean isPoison) {
        if (isPoison) {
            return Uni.createFrom().failure(new PoisonOrderException("never"));
        }
        return isDown.get() ? Uni.createFrom().failure(new IllegalStateException("the dependency is down"))
                : Uni.createFrom().voidItem();
    }

    /** A machine that stands still looks like a broker that is away: those outages are another test's. */
    private List<Outage> now() {
        return outages.now().stream().filter(outage -> outage.cause() == OutageCause.DEPENDENCY).toList();
    }

    private long calls(List<String> ids) {
        return ids.stream().mapToLong(id -> handler.callsFor(id).size()).sum();
    }

    private void awaitFinished(int orders) {
        await().atMost(PATIENCE).until(() -> app.finished() - finishedBefore == orders);
    }

    @TimedTest
    void shouldWaitUntilTheDependencyIsBack() {
        // Given
        isDown.set(true);
        List<String> ids = send(ORDERS, number -> false);
        await().atMost(PATIENCE).until(() -> !now().isEmpty());
        List<Outage> seen = now();
        long begin = System.nanoTime();
        long before = calls(ids);

        // When
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> !now().isEmpty());
        long probes = calls(ids) - before;
        long mostProbes = Duration.ofNanos(System.nanoTime() - begin).dividedBy(HalfFailing.PROBE_DELAY);
        isDown.set(false);
        awaitFinished(ORDERS);

        // Then
        assertThat(seen).singleElement().satisfies(outage -> {
            assertThat(outage.pipeline()).isEqualTo("orders");
            assertThat(outage.cause()).isEqualTo(OutageCause.DEPENDENCY);
            assertThat(outage.reason()).isEqualTo("the dependency is down");
        });
        assertThat(probes).as("calls in two seconds of outage").isLessThanOrEqualTo(mostProbes);
        assertThat(deadLettered()).isEqualTo(deadLetteredBefore);
        assertThat(letters()).doesNotContainAnyElementsOf(ids);
        assertThat(now()).isEmpty();
        if (probes < 2) {
            throw new TooLate(probes + " calls in two seconds of outage, and not 2 or more");
        }
    }

    /** A burst of orders that fail for a reason of their own looks like an outage; for the others it must not be one. */
    @Test
    void shouldEndAnOutageThatIsNoneByItselfAndDeadLetterWhoIsToBlame() {
        // Given
        isDown.set(true);
        List<String> bad = send(BAD, number -> false);
        await().atMost(PATIENCE).until(() -> !now().isEmpty());

        // When
        bad.forEach(id -> handler.answer(id, () -> Uni.createFrom().failure(new IllegalStateException("mine"))));
        isDown.set(false);
        List<String> good = send(ORDERS, number -> false);
        awaitFinished(BAD + ORDERS);

        // Then
        assertThat(now()).isEmpty();
        assertThat(deadLettered() - deadLetteredBefore).isEqualTo(BAD);
        assertThat(calls(good)).as("orders of the same keys come after them").isEqualTo(ORDERS);
    }

    @TimedTest
    void shouldGiveAnOrderAllItsAttemptsAgainThatHasFailedBeforeAnOutage() {
        // Given
        isDown.set(true);
        String id = UUID.randomUUID().toString();
        handler.answer(id, () -> Uni.createFrom().failure(new IllegalStateException("mine")));
        traffic.send(id);
        await().pollInterval(QUICK).atMost(PATIENCE).until(() -> handler.callsFor(id).size() >= 1);

        // When
        send(BAD, number -> false);
        await().pollInterval(QUICK).atMost(PATIENCE).until(() -> !now().isEmpty());
        if (!traffic.deadLetters(id).isEmpty()) {
            throw new TooLate("the outage began when the order had used up its attempts");
        }
        isDown.set(false);
        awaitFinished(1 + BAD);

        // Then
        int calls = handler.callsFor(id).size();
        assertThat(calls).isGreaterThan(ATTEMPTS);
        assertThat(new String(traffic.awaitDeadLetter(id).headers().lastHeader("dead-letter-attempts").value()))
                .isEqualTo(Integer.toString(attemptsTold(calls)));
    }

    /** What the dead letter of an order says that has been called so often, in an outage and after it. */
    int attemptsTold(int calls) {
        return calls;
    }

    private List<String> letters() {
        return topics.read(settings.dlqTopic()).stream().map(letter -> new String(letter.key())).toList();
    }

    private long deadLettered() {
        return app.stats().get("deadLettered").asLong();
    }

    @Test
    void shouldDeadLetterAStormOfPoisonWithoutAnOutage() {
        // Given
        AtomicBoolean wasOut = new AtomicBoolean();
        Runnable end = outages
                .onChange((outage, begins) -> wasOut.compareAndSet(false, outage.cause() == OutageCause.DEPENDENCY));

        // When
        List<String> ids = send(ORDERS, number -> number % 5 < 3);
        awaitFinished(ORDERS);
        end.run();

        // Then
        assertThat(wasOut).isFalse();
        assertThat(calls(ids)).isEqualTo(ORDERS);
        assertThat(ids.stream().filter(letters()::contains)).hasSize(ORDERS * 3 / 5);
    }
}
