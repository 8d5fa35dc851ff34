package io.orderstream.guarantee;

import java.util.Collection;

/** Fails with the first few of what should not be: thousands of them tell no more. */
final class Violations {

    private static final int SHOWN = 10;

    private Violations() {
    }

    /**
     * @param what what they are
     * @param found must be empty
     */
    static void none(String what, Collection<?> found) {
        if (!found.isEmpty()) {
            throw new AssertionError(
                    what + ": " + found.size() + ", such as " + found.stream().limit(SHOWN).map(Object::toString).toList());
        }
    }
}
