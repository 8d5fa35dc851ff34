package io.orderstream.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.orderstream.record.UnavailableException;
import io.smallrye.mutiny.Uni;

class CallLimitTest {

    private static final int MOST = 2;

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final CallLimit limit = new CallLimit(MOST, () -> later::add);
    private final List<Integer> made = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<CompletableFuture<Void>> answers = new ArrayList<>();
    private final List<CompletableFuture<Void>> results = new ArrayList<>();

    @Test
    void shouldMakeNoMoreCallsAtATimeThanAllowedAndTheOthersInTheirOrder() {
        // Given
        call(5);
        assertThat(made).containsExactly(0, 1);

        // When
        answers.get(1).complete(null);
        startWaiting();
        assertThat(made).containsExactly(0, 1, 2);
        answers.get(0).completeExceptionally(new IllegalStateException("this one"));
        answers.get(2).complete(null);
        startWaiting();

        // Then
        assertThat(made).containsExactly(0, 1, 2, 3, 4);
        assertThat(results.get(0)).isCompletedExceptionally();
        assertThat(results.get(1)).isCompleted();
        assertThat(results.get(3)).isNotDone();
    }

    @Test
    void shouldGiveBackTheTurnsOfCallsThatHaveEnded() {
        // Given
        call(3);
        answers.forEach(answer -> answer.complete(null));
        startWaiting();
        answers.forEach(answer -> answer.complete(null));

        // When
        call(3);

        // Then
        assertThat(made).hasSize(3 + MOST);
    }

    @Test
    void shouldMakeNoneOfTheWaitingCallsWhenTheEndpointAsksToBeLeftAlone() {
        // Given
        call(5);
        UnavailableException silence = new UnavailableException("HTTP 429", Duration.ofSeconds(1));

        // When
        answers.get(0).completeExceptionally(silence);
        startWaiting();

        // Then
        assertThat(made).containsExactly(0, 1);
        assertThat(results.subList(2, 5)).allSatisfy(
                result -> assertThat(result).failsWithin(Duration.ZERO).withThrowableThat().withCause(silence));
        assertThat(results.get(1)).isNotDone();

        // And when
        call(2);

        // Then
        assertThat(made).containsExactly(0, 1, 0);
    }

    @Test
    void shouldMakeTheWaitingCallsWhenOneFailsForAnotherReason() {
        // Given
        call(5);

        // When
        answers.get(0).completeExceptionally(new UnavailableException("connection refused", new IllegalStateException()));
        startWaiting();

        // Then
        assertThat(made).containsExactly(0, 1, 2);
    }

    @Test
    void shouldGiveEachCallAPlaceThatNoOtherOneHas() {
        // Given
        call(5);
        assertThat(places).containsExactly(0, 1);

        // When
        answers.get(1).complete(null);
        startWaiting();
        answers.get(0).complete(null);
        answers.get(2).completeExceptionally(new IllegalStateException("this one"));
        startWaiting();

        // Then
        assertThat(places).containsExactly(0, 1, 1, 0, 1);

        // And when
        answers.get(3).complete(null);
        call(1);

        // Then
        assertThat(places.get(5)).isZero();
    }

    @Test
    void shouldGiveBackThePlaceOfACallThatCannotBeMade() {
        // Given
        CompletableFuture<Void> broken = limit.call(place -> {
            throw new IllegalStateException("no such body");
        }).subscribeAsCompletionStage();
        assertThat(broken).isCompletedExceptionally();

        // When
        call(MOST);

        // Then
        assertThat(places).containsExactly(0, 1);
    }

    private void call(int calls) {
        IntStream.range(0, calls).forEach(number -> results.add(limit.call(place -> Uni.createFrom().deferred(() -> {
            made.add(number);
            places.add(place);
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return Uni.createFrom().completionStage(answer);
        })).subscribeAsCompletionStage()));
    }

    private void startWaiting() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }
}
