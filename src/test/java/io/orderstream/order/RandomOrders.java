package io.orderstream.order;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** The orders the generator would write, for tests outside its package. */
public final class RandomOrders {

    private RandomOrders() {
    }

    /** An order of the catalogue under a UUID, as the generator makes them by default. */
    public static Order next(RandomGenerator random) {
        return Catalogue.order(new UUID(random.nextLong(), random.nextLong()).toString(), random);
    }
}
