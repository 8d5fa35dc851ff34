package io.orderstream.order;

import java.util.List;
import java.util.random.RandomGenerator;

/** What the generator sells. */
final class Catalogue {

    private static final List<String> PRODUCTS = List.of("Laptop", "Monitor", "Keyboard", "Mouse", "Headphones", "Webcam",
            "Desk lamp", "Office chair", "Notebook", "Backpack");
    private static final int LOWEST_CENTS = 999;
    private static final int HIGHEST_CENTS = 99_999;

    private Catalogue() {
    }

    /** A random order at a price from 9.99 to 999.99. */
    static Order order(String orderId, RandomGenerator random) {
        return Order.newBuilder().setOrderId(orderId).setProduct(PRODUCTS.get(random.nextInt(PRODUCTS.size())))
                .setPrice(random.nextInt(LOWEST_CENTS, HIGHEST_CENTS + 1) / 100f).build();
    }
}
