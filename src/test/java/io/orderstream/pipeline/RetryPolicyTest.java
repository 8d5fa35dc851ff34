package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.commit.TotalsCommits;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.trace.Tracing;

/** What is written to a retry topic, and how it is read back. */
class RetryPolicyTest {

    private static final Instant SENT = Instant.parse("2026-11-21T08:00:00.123Z");
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00.500Z");
    private static final RetryHeaders HEADERS = new RetryHeaders(2, NOW, "orders", 3, 17, SENT);

    private final RetryPolicy policy = policy(RetryMode.TOPIC);

    private static RetryPolicy policy(RetryMode mode) {
        return new RetryPolicy(new Retries(), mode, "orders-retry", 3, Duration.ofMillis(1_500));
    }

    @Test
    void shouldDoubleTheBackoffUpToTenMinutes() {
        assertThat(IntStream.rangeClosed(1, 11).mapToObj(attempts -> policy.backoff(attempts).toMillis()))
                .containsExactly(1_500L, 3_000L, 6_000L, 12_000L, 24_000L, 48_000L, 96_000L, 192_000L, 384_000L, 600_000L,
                        600_000L);
        assertThat(policy.backoff(2_000)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void shouldWriteTheOriginalBytesAndItsCoordinatesForTheFirstRetry() {
        // Given
        Headers headers = new RecordHeaders().add("trace", bytes("abc")).add("dead-letter-reason", bytes("old"))
                .add("retry-reason", bytes("forged"));
        InFlightRecord<String> record = failed(record("orders", 3, 17, SENT, headers), null, 1);

        // When
        ProducerRecord<byte[], byte[]> again = policy.again(record, NOW);

        // Then
        assertThat(again.topic()).isEqualTo("orders-retry");
        assertThat(again.partition()).isNull();
        assertThat(again.key()).isEqualTo(bytes("key"));
        assertThat(again.value()).isEqualTo(bytes("value"));
        assertThat(text(again.headers())).containsExactly("trace=abc", "retry-attempts=1",
                "retry-due=2026-11-21T09:00:02Z", "retry-topic=orders", "retry-partition=3", "retry-offset=17",
                "retry-timestamp=" + SENT, "retry-reason=busy");
    }

    @Test
    void shouldKeepTheFirstCoordinatesFromOneRetryToTheNext() {
        // Given
        InFlightRecord<String> record = failed(record("orders-retry", 5, 99, NOW, new RecordHeaders()), HEADERS, 3);

        // When
        Headers again = policy.again(record, NOW).headers();

        // Then
        assertThat(RetryHeaders.read(again))
                .contains(new RetryHeaders(3, NOW.plusSeconds(6), "orders", 3, 17, SENT));
        assertThat(record.id()).isEqualTo("orders-3-17." + SENT.toEpochMilli());
        assertThat(record.timestamp()).isEqualTo(SENT);
    }

    @Test
    void shouldReadBackWhatItWrites() {
        // Given
        Headers headers = new RecordHeaders();

        // When
        HEADERS.write(headers, "busy");
        HEADERS.write(headers, "busy again");

        // Then
        assertThat(RetryHeaders.read(headers)).contains(HEADERS);
        assertThat(text(headers)).hasSize(7).contains("retry-reason=busy again");
        RetryHeaders.strip(headers);
        assertThat(headers).isEmpty();
    }

    @Test
    void shouldReadBackThatARecordHasNoTime() {
        // Given
        RetryHeaders timeless = new RetryHeaders(1, NOW, "orders", 3, 17, Instant.ofEpochMilli(RecordBatch.NO_TIMESTAMP));
        Headers headers = new RecordHeaders();

        // When
        timeless.write(headers, "busy");

        // Then
        assertThat(RetryHeaders.read(headers)).contains(timeless);
    }

    @ParameterizedTest
    @CsvSource({ "retry-attempts,0", "retry-attempts,", "retry-attempts,2147483647", "retry-due,tomorrow", "retry-topic,''",
            "retry-partition,-1", "retry-offset,x", "retry-offset,-7", "retry-timestamp,1",
            "retry-timestamp,+1000000000-12-31T23:59:59Z", "retry-timestamp,1969-12-31T23:59:59Z" })
    void shouldNotReadWhatIsNotOurs(String name, String value) {
        // Given
        Headers headers = new RecordHeaders();
        HEADERS.write(headers, "busy");

        // When
        headers.remove(name).add(name, value == null ? null : bytes(value));

        // Then
        assertThat(RetryHeaders.read(headers)).isEmpty();
        headers.remove(name);
        assertThat(RetryHeaders.read(headers)).isEmpty();
    }

    @Test
    void shouldWaitUntilItIsDueButNeverLongerThanTheLongestBackoff() {
        assertThat(HEADERS.wait(NOW.minusMillis(700))).isEqualTo(Duration.ofMillis(700));
        assertThat(HEADERS.wait(NOW.plusSeconds(5))).isZero();
        assertThat(HEADERS.wait(NOW.minus(Duration.ofDays(100)))).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void shouldCountTheAttemptsTheAnnotationsDoNotKnowOf() {
        ConsumerRecord<byte[], byte[]> record = record("orders", 0, 0, SENT, new RecordHeaders());
        Map<RetryMode, List<Boolean>> usedUp = Map.of(
                RetryMode.TOPIC, List.of(policy.isUsedUp(failed(record, null, 3)), policy.isUsedUp(failed(record, null, 4))),
                RetryMode.IN_PLACE, List.of(policy(RetryMode.IN_PLACE).isUsedUp(failed(record, null, 4)),
                        policy(RetryMode.IN_PLACE).isUsedUp(failed(record, HEADERS, 4))));
        assertThat(usedUp.get(RetryMode.TOPIC)).containsExactly(false, true);
        assertThat(usedUp.get(RetryMode.IN_PLACE)).as("its own, and one of the retry topic").containsExactly(false, true);
    }

    private static InFlightRecord<String> failed(ConsumerRecord<byte[], byte[]> record, RetryHeaders retry, int attempts) {
        InFlightRecord<String> inFlight = new InFlightRecord<>(record, null, null, TotalsCommits.tracked(record.offset()),
                retry,
                Tracing.OFF);
        IntStream.range(inFlight.attempt(), attempts).forEach(attempt -> inFlight.attempts());
        inFlight.failed(new IllegalStateException("busy"));
        return inFlight;
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, Instant timestamp,
            Headers headers) {
        return new ConsumerRecord<>(topic, partition, offset, timestamp.toEpochMilli(), TimestampType.CREATE_TIME, 3, 5,
                bytes("key"), bytes("value"), headers, Optional.empty());
    }

    private static List<String> text(Headers headers) {
        return List.of(headers.toArray()).stream().map(RetryPolicyTest::text).toList();
    }

    private static String text(Header header) {
        return header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
