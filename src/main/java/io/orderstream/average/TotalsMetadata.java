package io.orderstream.average;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that travels in the metadata of a committed offset: the totals of all records of the partition before that offset.
 * <p>
 * Offset and text are one record of Kafka's {@code __consumer_offsets}, so either both are there after a crash or neither is;
 * that is what makes the average exact. Version 1 reads
 * {@code v=1;received=3;processed=2;deadLettered=1;revenueCents=1998}; text behind a further semicolon belongs to a later
 * version that still means the same by these fields, and is ignored.
 */
final class TotalsMetadata {

    private static final Pattern VERSION_1 = Pattern.compile(
            "v=1;received=(\\d{1,19});processed=(\\d{1,19});deadLettered=(\\d{1,19});revenueCents=(-?\\d{1,19})(;.*)?");

    private TotalsMetadata() {
    }

    static String write(Totals totals) {
        return "v=1;received=" + totals.received() + ";processed=" + totals.processed() + ";deadLettered="
                + totals.deadLettered() + ";revenueCents=" + totals.revenueCents();
    }

    /**
     * @param text metadata of a commit, may be null or of another program
     * @return the totals in it, or empty if it is not ours
     */
    static Optional<Totals> read(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher matcher = VERSION_1.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Totals(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4))));
        } catch (NumberFormatException e) {
            // Nineteen digits may be more than a long holds: then it is not a text of ours.
            return Optional.empty();
        }
    }
}
