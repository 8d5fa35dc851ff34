package io.orderstream.pipeline;

import java.time.Instant;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.header.Headers;

import io.orderstream.commit.OffsetTracker;
import io.orderstream.commit.TrackedOffset;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.record.Delivery;
import io.orderstream.trace.RecordTrace;
import io.orderstream.trace.Tracing;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;

/** A record in work: what the pipeline knows of it until it is finished. Confined to the event loop of the channel. */
final class InFlightRecord<T> implements Delivery<T> {

    final IncomingKafkaRecord<byte[], byte[]> record;
    final OffsetTracker progress;
    final TrackedOffset inWork;
    /** What its headers say if it comes from a retry topic, otherwise null. */
    final RetryHeaders retry;
    final RecordTrace trace;

    LaneKey lane;
    T value;
    long amount;
    int attempt;
    /** Attempts made before an outage ended: they do not count. */
    private int excused;
    OutageBreaker.Ticket ticket;
    boolean isRetrying;
    boolean isDone;
    Throwable lastFailure;
    /** When its last attempt has failed; for one of a retry topic, of which that is not known, when it was taken. */
    long failedAtNanos;

    InFlightRecord(IncomingKafkaRecord<byte[], byte[]> record, OffsetTracker progress, TrackedOffset inWork,
            RetryHeaders retry, Tracing tracing) {
        this.record = record;
        this.progress = progress;
        this.inWork = inWork;
        this.retry = retry;
        this.trace = tracing.taken(record.getTopic(), record.getPartition(), record.getOffset(), record.getKey(),
                record.getHeaders());
        if (retry != null) {
            this.attempt = retry.attempts();
            this.failedAtNanos = System.nanoTime();
        }
    }

    void failed(Throwable failure) {
        lastFailure = failure;
        failedAtNanos = System.nanoTime();
    }

    /** From now on it has all its attempts again. */
    void excuse() {
        excused = attempt;
        isRetrying = false;
    }

    int countedAttempts() {
        return attempt - excused;
    }

    /** @param lane gives what the records of a lane have in common */
    LaneKey laneKey(BinaryOperator<byte[]> lane) {
        byte[] common = lane.apply(record.getKey(), record.getPayload());
        return common == null ? null : new LaneKey(record.getTopic(), record.getPartition(), common);
    }

    @Override
    public Headers headers() {
        return record.getHeaders();
    }

    @Override
    public T value() {
        return value;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String topic() {
        return retry == null ? record.getTopic() : retry.topic();
    }

    @Override
    public int partition() {
        return retry == null ? record.getPartition() : retry.partition();
    }

    @Override
    public long offset() {
        return retry == null ? record.getOffset() : retry.offset();
    }

    @Override
    public Instant timestamp() {
        return retry == null ? record.getTimestamp() : retry.timestamp();
    }
}
