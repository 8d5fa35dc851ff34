package io.orderstream.record;

import java.time.Instant;

import org.apache.kafka.common.header.Headers;

/**
 * One attempt at a record, as passed to its handler.
 *
 * @param <T> type of the decoded value
 */
public interface Delivery<T> {

    /** The decoded value. */
    T value();

    /** Number of this attempt, starting at 1. */
    int attempt();

    String topic();

    int partition();

    long offset();

    /** Headers of the record; do not modify. */
    Headers headers();

    /** Timestamp of the record, usually set by its producer. */
    Instant timestamp();

    /** {@code topic-partition-offset}: unique, the same for every attempt and after a restart; an idempotency key. */
    default String id() {
        return topic() + "-" + partition() + "-" + offset();
    }
}
