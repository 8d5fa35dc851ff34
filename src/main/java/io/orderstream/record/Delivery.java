package io.orderstream.record;

import java.time.Instant;

import org.apache.kafka.common.header.Headers;

/**
 * One record as its handler sees it. It is handed over again for each attempt.
 *
 * @param <T> type of the decoded value
 */
public interface Delivery<T> {

    /** The decoded value. */
    T value();

    /** Number of this attempt, from 1. */
    int attempt();

    String topic();

    int partition();

    long offset();

    /** Its headers, not to be changed. */
    Headers headers();

    /** Time the record carries, usually that of its producer. */
    Instant timestamp();

    /** {@code topic-partition-offset}: the same for every attempt and after every restart, and for no other record. */
    default String id() {
        return topic() + "-" + partition() + "-" + offset();
    }
}
