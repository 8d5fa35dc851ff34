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

    /**
     * Identity of the record, an idempotency key: the same for every attempt, after a restart, and when the record is redriven.
     * It is {@code topic-partition-offset.timestamp}, such as {@code orders-3-17.1767225600000}, with the timestamp in
     * milliseconds. Topic, partition and offset alone are those of another record once the topic has been deleted and made
     * anew.
     */
    default String id() {
        return topic() + "-" + partition() + "-" + offset() + "." + timestamp().toEpochMilli();
    }
}
