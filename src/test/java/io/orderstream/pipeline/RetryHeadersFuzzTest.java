package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.common.header.Headers;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/** Headers of the retry topics. */
class RetryHeadersFuzzTest {

    private static final long PER_BYTE = 200;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @FuzzTest
    void shouldReadWhatItWouldWriteOrSayThatTheyAreOfSomebodyElse(byte[] bytes) {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        Headers headers = input.headers();

        // When
        Optional<RetryHeaders> read = input.parse(PER_BYTE, () -> RetryHeaders.read(headers));

        // Then
        read.ifPresent(known -> {
            known.write(headers, "a reason");
            assertThat(RetryHeaders.read(headers)).contains(known);
            assertThat(known.wait(NOW)).isBetween(Duration.ZERO, RetryPolicy.LONGEST_BACKOFF);
            assertThat(Instant.ofEpochMilli(known.timestamp().toEpochMilli())).isBeforeOrEqualTo(known.timestamp());
        });
    }
}
