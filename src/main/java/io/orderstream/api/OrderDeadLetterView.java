package io.orderstream.api;

import java.time.Instant;

import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.order.Order;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A dead letter of an order in the flat format expected by tools that keep dead letters as an Avro record.
 *
 * @param orderId null, like product and price, if the value cannot be decoded as an order
 * @param price null also if it is NaN or infinite
 * @param errorReason why the order was dead-lettered
 * @param errorTimestamp when the order was dead-lettered
 * @param retryCount attempts after the first, null if the headers do not tell
 * @param originalTopic topic of the original record, null if the headers do not tell
 */
@JsonNaming(SnakeCaseStrategy.class)
@RegisterForReflection
public record OrderDeadLetterView(@Nullable String orderId, @Nullable String product, @Nullable Float price, String errorReason,
        Instant errorTimestamp,
        @Nullable Integer retryCount, @Nullable String originalTopic) {

    /** @param order the decoded value, null if it cannot be decoded */
    static OrderDeadLetterView of(DeadLetter letter, Order order) {
        Integer retries = letter.attempts() == null ? null : Math.max(0, letter.attempts() - 1);
        String topic = letter.origin() == null ? null : letter.origin().topic();
        return order == null ? new OrderDeadLetterView(null, null, null, letter.reason(), letter.at(), retries, topic)
                : new OrderDeadLetterView(order.getOrderId(), order.getProduct(), number(order.getPrice()), letter.reason(),
                        letter.at(), retries, topic);
    }

    /** JSON has neither NaN nor infinity. */
    private static Float number(float price) {
        return Float.isFinite(price) ? price : null;
    }
}
