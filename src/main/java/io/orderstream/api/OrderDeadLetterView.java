package io.orderstream.api;

import java.time.Instant;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.order.Order;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A dead letter of an order in the flat shape that tools for dead letters with an Avro record of their own expect.
 *
 * @param orderId null, as product and price, if the value is no order
 * @param price null also if it is no number
 * @param errorReason why it was given up
 * @param errorTimestamp when it was given up
 * @param retryCount attempts after the first, null if its headers do not tell
 * @param originalTopic where the order was at first, null if its headers do not tell
 */
@JsonNaming(SnakeCaseStrategy.class)
@RegisterForReflection
public record OrderDeadLetterView(String orderId, String product, Float price, String errorReason, Instant errorTimestamp,
        Integer retryCount, String originalTopic) {

    /** @param order what the letter's value says, null if it cannot be read */
    static OrderDeadLetterView of(DeadLetter letter, Order order) {
        Integer retries = letter.attempts() == null ? null : Math.max(0, letter.attempts() - 1);
        String topic = letter.origin() == null ? null : letter.origin().topic();
        return order == null ? new OrderDeadLetterView(null, null, null, letter.reason(), letter.at(), retries, topic)
                : new OrderDeadLetterView(order.getOrderId(), order.getProduct(), number(order.getPrice()), letter.reason(),
                        letter.at(), retries, topic);
    }

    /** JSON has no others. */
    private static Float number(float price) {
        return Float.isFinite(price) ? price : null;
    }
}
