package io.orderstream.pipeline;

import java.time.Duration;
import java.time.Instant;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.support.Failures;

/**
 * How a record that has failed is tried again: in place, by {@link Retries}, or by way of a retry topic.
 *
 * @param inPlace makes the attempts of a record that stays where it is
 * @param mode which of the two
 * @param topic the retry topic
 * @param maxRetries attempts after the first
 * @param backoff time before the first retry; doubles with each further one, up to ten minutes
 */
record RetryPolicy(Retries inPlace, RetryMode mode, String topic, int maxRetries, Duration backoff) {

    /** No retry waits for longer. */
    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(Retries.LONGEST_MINUTES);

    private static final double MILLIS = 1_000;

    /** @param topic the retry topic, null if there is none, so that all retries are in place */
    static RetryPolicy of(PipelineSettings settings, Retries inPlace, String topic) {
        return new RetryPolicy(inPlace, topic == null ? RetryMode.IN_PLACE : settings.retryMode(), topic, settings.maxRetries(),
                Duration.ofMillis(Math.round(settings.retryBackoffSeconds() * MILLIS)));
    }

    boolean isByTopic() {
        return mode == RetryMode.TOPIC;
    }

    /** Whether there are attempts the annotations do not count, and none is left. */
    boolean isUsedUp(InFlightRecord<?> record) {
        return (isByTopic() || record.isFromRetryTopic()) && record.countedAttempts() > maxRetries;
    }

    /** Time to wait after so many attempts. */
    Duration backoff(int attempts) {
        double millis = backoff.toMillis() * Math.pow(Retries.FACTOR, attempts - 1);
        return Duration.ofMillis((long) Math.min(millis, LONGEST_BACKOFF.toMillis()));
    }

    /**
     * The record for the retry topic: key and value as they came, and headers that say how it goes on.
     *
     * @param now time of the last failure
     */
    ProducerRecord<byte[], byte[]> again(InFlightRecord<?> record, Instant now) {
        Headers headers = new RecordHeaders(record.headers());
        DeadLetterHeaders.strip(headers);
        record.trace.addTo(headers);
        new RetryHeaders(record.countedAttempts(), now.plus(backoff(record.countedAttempts())), record.topic(),
                record.partition(), record.offset(),
                record.timestamp()).write(headers, Failures.message(record.lastFailure()));
        // The producer's own time would be that of the transaction, before which an outage may have come and gone.
        return new ProducerRecord<>(topic, null, now.toEpochMilli(), record.record.key(), record.record.value(),
                headers);
    }
}
