package io.orderstream.deadletter;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.kafka.common.header.Headers;

import io.orderstream.support.TextHeaders;

/**
 * Identity of a dead letter's original record: its position in its topic, or a spool entry if it was never written.
 * It stays the same when the record is redriven. As text {@code orders-3-17} or {@code orders-spool-<id>}.
 * <p>
 * In a topic that was deleted and made anew, another record gets the same position. The timestamp of the record tells them
 * apart; where it is not known, see {@link OriginMap}.
 *
 * @param topic topic of the record
 * @param partition partition of the record, -1 for a spool entry
 * @param offset offset of the record, -1 for a spool entry
 * @param spoolId id of the spool entry, empty for a record
 * @param at timestamp of the record, null if it is not known, and for a spool entry
 */
public record Origin(String topic, int partition, long offset, String spoolId, Instant at) implements Comparable<Origin> {

    private static final String TOPIC = "([\\w.-]+%s)";
    private static final Pattern RECORD = Pattern.compile(TOPIC.formatted("") + "-(\\d{1,9})-(\\d{1,18})");
    private static final Pattern SPOOLED = Pattern.compile(TOPIC.formatted("?") + "-spool-([!-~]+)");
    // A spool id may end like a record's position, and a topic may contain "-spool-": the UUID decides.
    private static final Pattern SPOOLED_UUID = Pattern
            .compile(TOPIC.formatted("") + "-spool-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");
    // Topic names have at most 249 characters: longer texts are not origins, and costly to match.
    private static final int LONGEST = 500;
    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::topic)
            .thenComparingInt(Origin::partition).thenComparingLong(Origin::offset).thenComparing(Origin::spoolId)
            .thenComparing(Origin::at, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** The record at this position, whose timestamp is not known. */
    public static Origin record(String topic, int partition, long offset) {
        return new Origin(topic, partition, offset, "", null);
    }

    static Origin spooled(String topic, String id) {
        return new Origin(topic, -1, -1, id, null);
    }

    /**
     * The same position with a timestamp.
     *
     * @param time null, and before 1970 as in a record without a timestamp, for one that is not known
     */
    public Origin at(Instant time) {
        boolean isKnown = spoolId.isEmpty() && DeadLetter.isPossible(time);
        return new Origin(topic, partition, offset, spoolId, isKnown ? time : null);
    }

    /** Reads the headers of a record that was redriven; empty if it was not. */
    public static Optional<Origin> ofRedriven(Headers headers) {
        return TextHeaders.first(headers, DeadLetter.REDRIVE_ORIGIN).flatMap(Origin::parse).map(origin -> origin.at(
                TextHeaders.first(headers, DeadLetter.REDRIVE_ORIGIN_TIMESTAMP).flatMap(DeadLetter::parseTime).orElse(null)));
    }

    /** Whether both may be the same record: the timestamp of one of them may not be known. */
    boolean mayBe(Origin other) {
        return at(null).equals(other.at(null)) && (at == null || other.at == null || at.equals(other.at));
    }

    /** Text that no other record has, whatever becomes of its topic: {@code orders-3-17.1767225600000}. */
    public String key() {
        return at == null ? toString() : this + "." + at.toEpochMilli();
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

    /** Orders by topic, partition, offset and time. */
    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return spoolId.isEmpty() ? topic + "-" + partition + "-" + offset : topic + "-spool-" + spoolId;
    }
}
