package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static final int ORDERS = 20_000;

    @Test
    void shouldMakeOrdersOfAllProductsAtPricesInWholeCents() {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> products = new HashSet<>();
        Set<Long> prices = new HashSet<>();

        // When
        for (int i = 0; i < ORDERS; i++) {
            Order order = Catalogue.order("o-" + i, random);
            assertThat(order.getOrderId()).isEqualTo("o-" + i);
            products.add(order.getProduct());
            prices.add(Money.cents(order));
            assertThat(order.getPrice()).as("seed %d", seed).isEqualTo(Money.cents(order) / 100f);
        }

        // Then
        assertThat(products).as("seed %d", seed).containsExactlyInAnyOrder("Laptop", "Monitor", "Keyboard", "Mouse",
                "Headphones", "Webcam", "Desk lamp", "Office chair", "Notebook", "Backpack");
        assertThat(prices).as("seed %d", seed).hasSizeGreaterThan(ORDERS / 2)
                .allMatch(cents -> cents >= 999 && cents <= 99_999);
    }

    @Test
    void shouldReachBothEndsOfThePrices() {
        assertThat(Catalogue.order("o-1", new Extreme(false))).isEqualTo(new Order("o-1", "Laptop", 9.99f));
        assertThat(Catalogue.order("o-2", new Extreme(true))).isEqualTo(new Order("o-2", "Backpack", 999.99f));
    }

    /** Always gives the smallest number asked for, or always the largest. */
    private record Extreme(boolean isLargest) implements RandomGenerator {

        @Override
        public int nextInt(int bound) {
            return nextInt(0, bound);
        }

        @Override
        public int nextInt(int origin, int bound) {
            return isLargest ? bound - 1 : origin;
        }

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException("not asked for");
        }
    }
}
