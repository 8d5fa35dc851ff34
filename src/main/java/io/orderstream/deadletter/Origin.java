package io.orderstream.deadletter;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a dead letter was at first: a record of a topic, or, if it never got there, an entry of a producer's spool. It stays the
 * same however often the letter is redriven and comes back. As text {@code orders-3-17}, or {@code orders-spool-<id>}.
 *
 * @param topic the topic the record stood in, or was meant for
 * @param partition its partition, -1 for an entry of a spool
 * @param offset its offset, -1 for an entry of a spool
 * @param spoolId id of the spool's entry, empty for a record
 */
public record Origin(String topic, int partition, long offset, String spoolId) implements Comparable<Origin> {

    private static final Pattern RECORD = Pattern.compile("(.+)-(\\d{1,9})-(\\d{1,18})");
    private static final Pattern SPOOLED = Pattern.compile("(.+?)-spool-(\\S+)");
    // A spool's id may end like a record's coordinates, and a topic may have "-spool-" in its name: the form of the id decides.
    private static final Pattern SPOOLED_UUID = Pattern
            .compile("(.+)-spool-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");
    // A topic's name has 249 characters at most; whatever is longer is not ours, and not worth the matching.
    private static final int LONGEST = 500;
    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::topic)
            .thenComparingInt(Origin::partition).thenComparingLong(Origin::offset).thenComparing(Origin::spoolId);

    public static Origin record(String topic, int partition, long offset) {
        return new Origin(topic, partition, offset, "");
    }

    static Origin spooled(String topic, String id) {
        return new Origin(topic, -1, -1, id);
    }

    /** @return empty if the text is none of an origin */
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

    /** Records in the order of their topics, partitions and offsets. */
    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return spoolId.isEmpty() ? topic + "-" + partition + "-" + offset : topic + "-spool-" + spoolId;
    }
}
