package io.orderstream.api;

/** Parses query parameters that limit a number of results. */
final class Limits {

    private Limits() {
    }

    /**
     * Parses a limit.
     *
     * @param text the parameter; null or blank selects the default
     * @throws InvalidInputException if it is not a whole number from 1 to the largest
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
            // reported below
        }
        throw new InvalidInputException(name, "a whole number from 1 to " + largest, text);
    }
}
