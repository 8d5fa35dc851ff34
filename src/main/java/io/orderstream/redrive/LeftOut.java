package io.orderstream.redrive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.support.Failures;

/**
 * The dead letters a job leaves out: how many for each reason, and which, the first {@value #MOST_LISTED}. They are listed in
 * the job's record, whose size is bounded. Not thread safe.
 */
final class LeftOut {

    static final int MOST_LISTED = 100;

    private static final int LONGEST_DETAIL = 100;
    private static final Comparator<LeftOutDeadLetter> BY_POSITION = Comparator.comparing(LeftOutDeadLetter::topic)
            .thenComparingInt(LeftOutDeadLetter::partition).thenComparingLong(LeftOutDeadLetter::offset);

    private final SortedMap<String, Integer> counts = new TreeMap<>();
    private final SortedMap<String, TreeSet<LeftOutDeadLetter>> first = new TreeMap<>();

    /**
     * Records that a dead letter is left out.
     *
     * @param reason why, one of the constants of {@link RedriveCounts}
     * @param detail what the reason does not say; of a longer text the first {@value #LONGEST_DETAIL} characters are kept, and
     *        null is for nothing
     */
    void add(Coordinates letter, String reason, String detail) {
        counts.merge(reason, 1, Integer::sum);
        TreeSet<LeftOutDeadLetter> listed = first.computeIfAbsent(reason, any -> new TreeSet<>(BY_POSITION));
        listed.add(new LeftOutDeadLetter(letter.topic(), letter.partition(), letter.offset(), reason, shortened(detail)));
        if (listed.size() > MOST_LISTED) {
            listed.pollLast();
        }
    }

    private static String shortened(String detail) {
        if (detail == null) {
            return null;
        }
        String line = Failures.oneLine(detail);
        return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL - 3) + "...";
    }

    /** Returns how many are left out, by reason. */
    SortedMap<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /** Returns those that are listed, by position. Of each reason there are some, even if another one has thousands. */
    List<LeftOutDeadLetter> listed() {
        List<LeftOutDeadLetter> listed = new ArrayList<>();
        List<Iterator<LeftOutDeadLetter>> reasons = new ArrayList<>(first.values().stream().map(TreeSet::iterator).toList());
        while (!reasons.isEmpty() && listed.size() < MOST_LISTED) {
            reasons.removeIf(reason -> !reason.hasNext());
            reasons.stream().limit(MOST_LISTED - listed.size()).forEach(reason -> listed.add(reason.next()));
        }
        listed.sort(BY_POSITION);
        return listed;
    }
}
