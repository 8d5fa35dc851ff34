package io.orderstream.fulfilment;

import java.math.BigDecimal;

import io.orderstream.order.Money;
import io.orderstream.order.Order;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * JSON body in which an order is posted.
 *
 * @param price in units of the currency, with two decimal places
 */
@RegisterForReflection
public record FulfilmentOrder(String orderId, String product, BigDecimal price) {

    private static final int DIGITS_OF_CENTS = 2;

    static FulfilmentOrder of(Order order) {
        return new FulfilmentOrder(order.getOrderId(), order.getProduct(),
                BigDecimal.valueOf(Money.cents(order), DIGITS_OF_CENTS));
    }
}
