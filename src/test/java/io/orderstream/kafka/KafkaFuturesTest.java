package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaFuturesTest {

    @Test
    void shouldGiveTheAnswer() {
        assertThat(KafkaFutures.await(CompletableFuture.completedFuture("answer"))).isEqualTo("answer");
    }

    @Test
    void shouldThrowWhatKafkaSaysAndMakeAllElseItsCause() {
        // Given
        KafkaException kafka = new RecordTooLargeException("too large");
        IOException other = new IOException("gone");

        // Then
        assertThatExceptionOfType(RecordTooLargeException.class)
                .isThrownBy(() -> KafkaFutures.await(CompletableFuture.failedFuture(kafka))).isSameAs(kafka);
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> KafkaFutures.await(CompletableFuture.failedFuture(other))).withCause(other);
    }

    @Test
    void shouldNotWaitLongerThanItMay() {
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> KafkaFutures.await(new CompletableFuture<>(), Duration.ofMillis(1), "too late"))
                .withMessage("too late");
    }

    @Test
    void shouldEndWithAnInterruptAndKeepIt() {
        // When
        Thread.currentThread().interrupt();

        // Then
        assertThatExceptionOfType(InterruptException.class)
                .isThrownBy(() -> KafkaFutures.await(new CompletableFuture<>()));
        assertThat(Thread.interrupted()).isTrue();
    }
}
