package io.orderstream.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import io.orderstream.bench.OrderId.Kind;
import io.orderstream.order.Order;
import io.orderstream.order.RandomOrders;

/**
 * Which orders there are.
 *
 * @param orders how many
 * @param partitions of their topic
 * @param keys how many different ones; 0 if each order has its own
 * @param transients share of those of which two attempts fail
 * @param poison share of those that can never succeed
 * @param bytes of each, about; 0 for orders as the generator makes them
 */
record OrderMix(long orders, int partitions, int keys, double transients, double poison, int bytes) {

    private static final int PARTITIONS = 6;

    /** Orders that take no trouble, each under a key of its own. */
    static OrderMix of(long orders) {
        return new OrderMix(orders, PARTITIONS, 0, 0, 0, 0);
    }

    OrderMix withPartitions(int number) {
        return new OrderMix(orders, number, keys, transients, poison, bytes);
    }

    OrderMix withKeys(int number) {
        return new OrderMix(orders, partitions, number, transients, poison, bytes);
    }

    OrderMix withFaults(double transientShare, double poisonShare) {
        return new OrderMix(orders, partitions, keys, transientShare, poisonShare, bytes);
    }

    OrderMix withBytes(int each) {
        return new OrderMix(orders, partitions, keys, transients, poison, each);
    }

    /** The same, but a part of them. */
    OrderMix part(int divisor) {
        return new OrderMix(Math.max(1, orders / divisor), partitions, keys, transients, poison, bytes);
    }

    /** What becomes of an order; it is the same for all orders of a key. */
    Kind kind(long number) {
        double position = transients + poison == 0 ? 1 : new SplittableRandom(key(number)).nextDouble();
        if (position < transients) {
            return Kind.TRANSIENT;
        }
        return position < transients + poison ? Kind.POISON : Kind.ORDINARY;
    }

    private long key(long number) {
        return keys == 0 ? number : number % keys;
    }

    /** The order of this number. */
    Order order(RandomGenerator random, OrderId id, long number) {
        Order order = RandomOrders.next(random);
        order.setOrderId(id.text(key(number)));
        if (bytes > 0) {
            order.setProduct("x".repeat(bytes));
        }
        return order;
    }
}
