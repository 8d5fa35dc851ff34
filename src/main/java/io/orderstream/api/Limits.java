package io.orderstream.api;

/** Reads parameters that say how many. */
final class Limits {

    private Limits() {
    }

    /**
     * The number.
     *
     * @param text as it came; null or blank selects the default
     * @throws InvalidInputException if it is none from 1 to the largest
     */
    static int read(String name, String text, int byDefault, int largest) {
        if (text == null || text.isBlank()) {
            return byDefault;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= largest) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidInputException(name, "a whole number from 1 to " + largest, text);
    }
}
