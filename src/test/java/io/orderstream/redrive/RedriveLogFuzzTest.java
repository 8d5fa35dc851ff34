package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/** Records of the jobs' topic: the key, a line break and the value. */
class RedriveLogFuzzTest {

    private static final long PER_BYTE = 500;

    @FuzzTest
    void shouldTakeAJobOrLeaveItOut(byte[] bytes) {
        // Given
        RedriveLog log = new RedriveLog(null, "orders-redrive-jobs");
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String key = new String(bytes, 0, end, StandardCharsets.UTF_8);
        byte[] value = end < bytes.length ? Arrays.copyOfRange(bytes, end + 1, bytes.length) : new byte[0];

        // When
        new Fuzzed(bytes).parse(PER_BYTE, UncheckedIOException.class, () -> {
            log.note(key, value);
            return true;
        });

        // Then
        for (RedriveJob job : log.jobs()) {
            assertThat(RedriveJson.read(RedriveJson.write(job), RedriveJob.class)).isEqualTo(job);
            if (job.counts() != null) {
                assertThatCode(job.counts()::remaining).doesNotThrowAnyException();
            }
            assertThat(SentDeadLetters.read(job.checkpoint().sent()).size()).isLessThanOrEqualTo(RedriveRequest.MOST_LETTERS);
            assertThat(new RateLimiter(job.request().ratePerSecond(), () -> 0).untilNext())
                    .isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }
}
