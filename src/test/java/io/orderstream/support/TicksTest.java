package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

class TicksTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final Duration STEP = INTERVAL.multipliedBy(3);

    @Test
    void shouldTakeOneStepAfterTheOtherHoweverLongOneTakes() {
        // Given
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger underWay = new AtomicInteger();
        List<Integer> mostUnderWay = new CopyOnWriteArrayList<>();

        // When
        Cancellable ticks = Ticks.every(INTERVAL, () -> {
            mostUnderWay.add(underWay.incrementAndGet());
            return Uni.createFrom().item(begun.incrementAndGet()).onItem().delayIt().by(STEP)
                    .invoke(underWay::decrementAndGet);
        }).subscribe().with(done -> {
        });
        await().until(() -> begun.get() > 5);
        ticks.cancel();

        // Then
        assertThat(mostUnderWay).containsOnly(1);
    }

    @Test
    void shouldLeaveOutAStepThatGivesNothing() {
        // Given
        AtomicInteger steps = new AtomicInteger();

        // Then
        assertThat(Ticks.every(INTERVAL, () -> Uni.createFrom().item(steps.incrementAndGet() % 2 == 0 ? steps.get() : null))
                .select().first(2).collect().asList().await().atMost(Duration.ofSeconds(10))).containsExactly(2, 4);
    }
}
