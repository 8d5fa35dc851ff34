package io.orderstream.deadletter;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Identity of a dead letter's original record: its position in its topic, or a spool entry if it was never written.
 * It stays the same when the record is redriven. As text {@code orders-3-17} or {@code orders-spool-<id>}.
 *
 * @param topic topic of the record
 * @param partition partition of the record, -1 for a spool entry
 * @param offset offset of the record, -1 for a spool entry
 * @param spoolId id of the spool entry, empty for a record
 */
public record Origin(String topic, int partition, long offset, String spoolId) implements Comparable<Origin> {

    private static final Pattern RECORD = Pattern.compile("(.+)-(\\d{1,9})-(\\d{1,18})");
    private static final Pattern SPOOLED = Pattern.compile("(.+?)-spool-(\\S+)");
    // A spool id may end like a record's position, and a topic may contain "-spool-": the UUID decides.
    private static final Pattern SPOOLED_UUID = Pattern
            .compile("(.+)-spool-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");
    // Topic names have at most 249 characters: longer texts are not origins, and costly to match.
    private static final int LONGEST = 500;
    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::topic)
            .thenComparingInt(Origin::partition).thenComparingLong(Origin::offset).thenComparing(Origin::spoolId);

    public static Origin record(String topic, int partition, long offset) {
        return new Origin(topic, partition, offset, "");
    }

    static Origin spooled(String topic, String id) {
        return new Origin(topic, -1, -1, id);
    }

    /** @return empty if the text is not an origin */
    static Optional<Origin> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher record = RECORD.matcher(text);
        if (!SPOOLED_UUID.matcher(text).matches() && record.matches()) {
            return Optional.of(record(record.group(1), Integer.parseInt(record.group(2)), Long.parseLong(record.group(3))));
        }
        return Stream.of(SPOOLED_UUID, SPOOLED).map(pattern -> pattern.matcher(text)).filter(Matcher::matches).findFirst()
                .map(spooled -> spooled(spooled.group(1), spooled.group(2)));
    }

    /** Orders by topic, partition and offset. */
    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return spoolId.isEmpty() ? topic + "-" + partition + "-" + offset : topic + "-spool-" + spoolId;
    }
}
