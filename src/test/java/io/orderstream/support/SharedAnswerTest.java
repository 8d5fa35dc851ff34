package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

class SharedAnswerTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final List<UniEmitter<? super String>> asked = new ArrayList<>();

    @Test
    void shouldAskOnceForAllWhoWantTheAnswerInAnInterval() {
        // Given
        SharedAnswer<String> answer = answer(LONG);
        UniAssertSubscriber<String> first = wait(answer);
        UniAssertSubscriber<String> gone = wait(answer);
        UniAssertSubscriber<String> second = wait(answer);

        // When
        gone.cancel();
        asked.get(0).complete("answer");

        // Then
        first.assertCompleted().assertItem("answer");
        second.assertCompleted().assertItem("answer");
        assertThat(answer.get().await().indefinitely()).isEqualTo("answer");
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldShareAFailureToo() {
        // Given
        SharedAnswer<String> answer = answer(LONG);
        wait(answer);

        // When
        asked.get(0).fail(new IllegalStateException("away"));

        // Then
        assertThatThrownBy(() -> answer.get().await().indefinitely()).hasMessage("away");
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldShareWhatIsThrownInsteadOfAnAnswer() {
        SharedAnswer<String> answer = new SharedAnswer<>(LONG, () -> {
            throw new IllegalStateException("no client");
        });
        assertThatThrownBy(() -> answer.get().await().indefinitely()).hasMessage("no client");
    }

    @Test
    void shouldAskAgainAfterTheIntervalAndLeaveTheEarlierAnswerToThoseWhoWaitForIt() {
        // Given
        SharedAnswer<String> answer = answer(Duration.ZERO);
        UniAssertSubscriber<String> early = wait(answer);
        UniAssertSubscriber<String> late = wait(answer);

        // When
        asked.get(1).complete("second");
        asked.get(0).complete("first");

        // Then
        early.assertItem("first");
        late.assertItem("second");
        assertThat(asked).hasSize(2);
    }

    private SharedAnswer<String> answer(Duration interval) {
        return new SharedAnswer<>(interval, () -> Uni.createFrom().emitter(asked::add));
    }

    private static UniAssertSubscriber<String> wait(SharedAnswer<String> answer) {
        return answer.get().subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
