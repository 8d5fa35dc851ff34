package io.orderstream.totals;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Counts of received and finished records. Amounts are whole numbers, so sums are exact in any order of addition.
 *
 * @param received records taken from the topic
 * @param processed records whose handler succeeded
 * @param deadLettered records written to the dead-letter topic
 * @param amount sum of the amounts of the processed records: cents for orders, pieces for item orders
 */
public record Totals(long received, long processed, long deadLettered, long amount) {

    public static final Totals ZERO = new Totals(0, 0, 0, 0);

    private static final int AVERAGE_DIGITS = 4;

    public Totals plus(Totals other) {
        return new Totals(received + other.received, processed + other.processed, deadLettered + other.deadLettered,
                amount + other.amount);
    }

    public Totals minus(Totals other) {
        return new Totals(received - other.received, processed - other.processed, deadLettered - other.deadLettered,
                amount - other.amount);
    }

    /** The exact sum of the amounts in units of the currency, if they are cents. */
    public BigDecimal revenue() {
        return BigDecimal.valueOf(amount, 2);
    }

    /** {@link #revenue} per processed record, rounded half-even to four decimal places; zero if there is none. */
    public BigDecimal average() {
        if (processed == 0) {
            return BigDecimal.ZERO.setScale(AVERAGE_DIGITS);
        }
        return revenue().divide(BigDecimal.valueOf(processed), AVERAGE_DIGITS, RoundingMode.HALF_EVEN);
    }
}
