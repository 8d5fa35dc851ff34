package io.orderstream.order;

import java.time.Instant;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.record.Delivery;

/** An attempt at an order that comes from no topic. */
public record Attempt(Order value, int attempt, long offset) implements Delivery<Order> {

    @Override
    public String topic() {
        return "orders";
    }

    @Override
    public int partition() {
        return 0;
    }

    @Override
    public Headers headers() {
        return new RecordHeaders();
    }

    @Override
    public Instant timestamp() {
        return Instant.EPOCH;
    }
}
