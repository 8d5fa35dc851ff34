package io.orderstream.pipeline;

import java.time.Instant;

import io.orderstream.average.PartitionProgress;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;

/** A record in work: what the pipeline knows of it until it is finished. Confined to the event loop of the channel. */
final class InFlight<T> implements Delivery<T> {

    final IncomingKafkaRecord<byte[], byte[]> record;
    final PartitionProgress progress;
    final PartitionProgress.InWork inWork;

    LaneKey lane;
    T value;
    long cents;
    int attempt;
    boolean isRetrying;
    boolean isDone;
    Throwable lastFailure;
    long failedAtNanos;

    InFlight(IncomingKafkaRecord<byte[], byte[]> record, PartitionProgress progress, PartitionProgress.InWork inWork) {
        this.record = record;
        this.progress = progress;
        this.inWork = inWork;
    }

    void failed(Throwable failure) {
        lastFailure = failure;
        failedAtNanos = System.nanoTime();
    }

    LaneKey laneKey() {
        return record.getKey() == null ? null : new LaneKey(record.getTopic(), record.getPartition(), record.getKey());
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
        return record.getTopic();
    }

    @Override
    public int partition() {
        return record.getPartition();
    }

    @Override
    public long offset() {
        return record.getOffset();
    }

    @Override
    public Instant timestamp() {
        return record.getTimestamp();
    }
}
