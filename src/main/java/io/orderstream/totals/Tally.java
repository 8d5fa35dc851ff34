package io.orderstream.totals;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;

/**
 * Counts of finished records by the names they carry, such as the type of an event, or user and item of an order.
 * <p>
 * Only the most frequent names of each dimension are held. The others are counted together under
 * {@link CountKey#isOther}, so the sum over a dimension is always exact. Not thread safe.
 */
public final class Tally {

    /** Names kept when there are more than twice as many: the others are counted together. */
    static final int MOST_NAMES = 1_000;

    private static final Comparator<Entry<CountKey, Count>> FREQUENT_FIRST = Comparator
            .comparingLong((Entry<CountKey, Count> entry) -> entry.getValue().records()).reversed()
            .thenComparing(entry -> entry.getKey().dimension()).thenComparing(entry -> entry.getKey().value());
    private static final int ENTRY_PARTS = 3;
    private static final int COUNT_PARTS = 3;
    /** Most characters of an entry without a name: a short dimension and three numbers. */
    private static final int OTHER_LENGTH = 80;
    /** Fewest characters of an entry beside its dimension and its name: two colons, three numbers and two dots. */
    private static final int LEAST_LENGTH = 7;

    private final Map<CountKey, Count> counts = new HashMap<>();

    /**
     * Counts of the finished records of one name.
     *
     * @param processed those whose handler succeeded
     * @param deadLettered those written to the dead-letter topic
     * @param amount sum of the amounts of the processed records
     */
    public record Count(long processed, long deadLettered, long amount) {

        Count plus(Count other) {
            return new Count(processed + other.processed, deadLettered + other.deadLettered, amount + other.amount);
        }

        long records() {
            return processed + deadLettered;
        }
    }

    /** Counts a record under each of its names. */
    public void add(List<CountKey> names, Count one) {
        names.forEach(name -> add(name, one));
    }

    private void add(CountKey name, Count count) {
        counts.merge(name, count, Count::plus);
        if (counts.size() > 2 * MOST_NAMES) {
            frequentFirst().stream().skip(MOST_NAMES).forEach(this::fold);
        }
    }

    private void fold(Entry<CountKey, Count> entry) {
        if (!entry.getKey().isOther()) {
            counts.remove(entry.getKey());
            counts.merge(entry.getKey().others(), entry.getValue(), Count::plus);
        }
    }

    /** Adds all counts of another tally. */
    public void add(Tally other) {
        other.counts.forEach(this::add);
    }

    /** Returns the sum of two tallies, each of which may be null. Modifies and returns the larger one. */
    public static Tally sum(Tally one, Tally other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        boolean isSmaller = one.counts.size() < other.counts.size();
        Tally larger = isSmaller ? other : one;
        larger.add(isSmaller ? one : other);
        return larger;
    }

    /** Returns the counts of a dimension, by name. */
    public Map<String, Count> of(String dimension) {
        return counts.entrySet().stream().filter(entry -> entry.getKey().dimension().equals(dimension))
                .collect(Collectors.toMap(entry -> entry.getKey().value(), Entry::getValue));
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /**
     * Writes the counts as text: {@code dimension:value:processed.deadLettered.amount} for each name, comma separated
     * and URL-encoded. Equal tallies give equal texts.
     *
     * @param maxLength most characters. The most frequent names that fit are written, the others counted together;
     *        that entry of a dimension is written even if there is no room
     */
    String write(int maxLength) {
        List<Entry<CountKey, Count>> entries = frequentFirst();
        // What cannot fit is not encoded: there may be many times as many names as there is room for.
        if (entries.stream().mapToLong(Tally::leastLength).sum() - 1 <= maxLength) {
            String all = join(entries);
            if (all.length() <= maxLength) {
                return all;
            }
        }
        Tally fitting = new Tally();
        long dimensions = counts.keySet().stream().map(CountKey::dimension).distinct().count();
        long room = maxLength - dimensions * OTHER_LENGTH;
        for (Entry<CountKey, Count> entry : entries) {
            int length = leastLength(entry) > room ? Integer.MAX_VALUE : encode(entry).length() + 1;
            boolean isFitting = length <= room;
            room -= isFitting ? length : 0;
            fitting.counts.merge(isFitting ? entry.getKey() : entry.getKey().others(), entry.getValue(), Count::plus);
        }
        return join(fitting.frequentFirst());
    }

    private List<Entry<CountKey, Count>> frequentFirst() {
        return counts.entrySet().stream().map(entry -> Map.entry(entry.getKey(), entry.getValue())).sorted(FREQUENT_FIRST)
                .toList();
    }

    private static String join(List<Entry<CountKey, Count>> entries) {
        return entries.stream().map(Tally::encode).collect(Collectors.joining(","));
    }

    private static String encode(Entry<CountKey, Count> entry) {
        return encode(entry.getKey().dimension()) + ":" + encode(entry.getKey().value()) + ":"
                + entry.getValue().processed() + "." + entry.getValue().deadLettered() + "." + entry.getValue().amount();
    }

    /** The entry and its comma have at least so many characters: no name gets shorter by being encoded. */
    private static int leastLength(Entry<CountKey, Count> entry) {
        return entry.getKey().dimension().length() + entry.getKey().value().length() + LEAST_LENGTH + 1;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Parses what {@link #write} has written.
     *
     * @throws IllegalArgumentException if the text has another format
     */
    static Tally read(String text) {
        Tally tally = new Tally();
        for (String entry : text.split(",", -1)) {
            String[] parts = entry.split(":", -1);
            String[] numbers = parts[parts.length - 1].split("\\.", -1);
            if (parts.length != ENTRY_PARTS || numbers.length != COUNT_PARTS) {
                throw new IllegalArgumentException("not a count by name: " + entry);
            }
            tally.add(new CountKey(decode(parts[0]), decode(parts[1])), new Count(Long.parseLong(numbers[0]),
                    Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
        }
        return tally;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tally that && counts.equals(that.counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return join(frequentFirst());
    }
}
