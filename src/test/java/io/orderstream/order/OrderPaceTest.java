package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Multi;

class OrderPaceTest {

    private static final int MUCH = 1_000;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void shouldMakeOneAtEachIntervalAndAsManyAsAreSet() {
        // Given
        OrderPace pace = pace(Duration.ofSeconds(1), 3);

        // Then
        assertThat(due(pace)).hasSize(1);
        assertThat(due(pace)).isEmpty();
        assertThat(dueAfter(pace, 999)).isEmpty();
        assertThat(dueAfter(pace, 1)).hasSize(1);
        assertThat(ends).hasValue(0);
        assertThat(dueAfter(pace, 1_050)).hasSize(1);
        assertThat(ends).hasValue(1);
        assertThat(pace.perSecond()).isZero();
    }

    @Test
    void shouldMakeSeveralAtATimeOfIntervalsThatAreShorterThanItsOwn() {
        // Given
        OrderPace pace = pace(Duration.ofMillis(1), Long.MAX_VALUE);
        due(pace);

        // Then
        assertThat(pace.perSecond()).isEqualTo(1_000);
        assertThat(dueAfter(pace, 5)).hasSize(5);
        assertThat(dueAfter(pace, 20)).hasSize(20);
    }

    @Test
    void shouldMakeAsManyAsThereIsRoomForWithoutAnInterval() {
        // Given
        OrderPace pace = pace(Duration.ZERO, Long.MAX_VALUE);
        due(pace);

        // Then
        assertThat(dueAfter(pace, 5)).hasSize(MUCH);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(pace.due(() -> 7).await().atMost(PATIENCE)).hasSize(7);
    }

    @Test
    void shouldLeaveOutThoseThatAreLateAndThoseForWhichThereIsNoRoom() {
        // Given
        OrderPace pace = pace(Duration.ofMillis(10), Long.MAX_VALUE);
        due(pace);

        // Then
        assertThat(dueAfter(pace, 60_000)).as("after a standstill").hasSizeBetween(10, 11);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(pace.due(() -> 0).await().atMost(PATIENCE)).isEmpty();
        assertThat(due(pace)).as("of those there was no room for").isEmpty();
        assertThat(dueAfter(pace, 10)).hasSize(1);
    }

    @Test
    void shouldMakeThoseThatAreAskedForAsSoonAsThereIsRoomForThem() {
        // Given
        OrderPace pace = pace(Duration.ofHours(1), 1);
        due(pace);

        // When
        boolean isTaken = pace.ask(5, "x-");

        // Then
        assertThat(isTaken).isTrue();
        assertThat(pace.due(() -> 2).await().atMost(PATIENCE)).containsExactly("x-", "x-");
        assertThat(pace.due(() -> 0).await().atMost(PATIENCE)).isEmpty();
        assertThat(due(pace)).containsExactly("x-", "x-", "x-");
        assertThat(ends).hasValue(1);
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        // Given
        OrderPace pace = pace(Duration.ofHours(1), Long.MAX_VALUE);

        // Then
        assertThat(pace.ask(OrderPace.MOST_ASKED, "")).isTrue();
        assertThat(pace.ask(1, "")).isFalse();
        assertThat(due(pace)).hasSize(MUCH);
        assertThat(pace.ask(MUCH, "")).isTrue();
        assertThat(pace.ask(1, "")).isFalse();
    }

    @Test
    void shouldWakeUpWhenItsRateChangesOrWhenItIsAsked() {
        // Given
        OrderPace pace = pace(Duration.ofHours(1), Long.MAX_VALUE);
        due(pace);
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        Multi.createBy().repeating().uni(() -> pace.due(() -> MUCH)).indefinitely().onItem().<String> disjoint()
                .select().first(4).subscribe().with(made::add);

        // When
        pace.perSecond(1);

        // Then
        await().atMost(PATIENCE).until(() -> made.size() == 1);
        pace.perSecond(0);
        assertThat(pace.perSecond()).isZero();
        pace.ask(2, "");
        await().atMost(PATIENCE).until(() -> made.size() == 3);
        pace.perSecond(5_000);
        assertThat(pace.perSecond()).isEqualTo(5_000);
        await().atMost(PATIENCE).until(() -> made.size() == 4);
    }

    @Test
    void shouldGoOnWithAnyRateWhenItIsDone() {
        // Given
        OrderPace pace = pace(Duration.ofSeconds(1), 1);
        due(pace);

        // When
        pace.perSecond(Double.MIN_VALUE);

        // Then
        assertThat(due(pace)).hasSize(1);
        assertThat(dueAfter(pace, 3_599_000)).isEmpty();
        assertThat(dueAfter(pace, 1_000)).as("once an hour at the least").hasSize(1);
    }

    /** As the generator takes them: one at a time, and the next when the last was taken. */
    @Test
    void shouldBeAbleToMakeManyWithoutAPause() {
        // Given
        OrderPace pace = pace(Duration.ofHours(1), Long.MAX_VALUE);
        pace.ask(OrderPace.MOST_ASKED, "");
        CompletableFuture<Long> done = new CompletableFuture<>();

        // When
        Multi.createBy().repeating().uni(() -> pace.due(() -> 1)).indefinitely().onItem().<String> disjoint()
                .select().first(OrderPace.MOST_ASKED).collect().with(Collectors.counting())
                .subscribe().with(done::complete);

        // Then
        assertThat(done).succeedsWithin(PATIENCE).isEqualTo((long) OrderPace.MOST_ASKED);
    }

    private OrderPace pace(Duration interval, long count) {
        return new OrderPace(interval, count, nanos::get, ends::incrementAndGet);
    }

    private List<String> dueAfter(OrderPace pace, long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        return due(pace);
    }

    /** What is due now: if nothing is, something else happens before it is known. */
    private static List<String> due(OrderPace pace) {
        CompletableFuture<List<String>> due = pace.due(() -> MUCH).subscribeAsCompletionStage();
        return due.getNow(List.of());
    }
}
