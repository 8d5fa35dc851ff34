package io.orderstream.redrive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.Origin;

/**
 * Selects the dead letters of a job. Of all dead letters, added in any order, it keeps the one with the most redrives
 * for each origin; the others are history. Deterministic; not thread safe.
 */
final class Selection {

    private static final int MOST_PARKED_LISTED = 100;
    private static final Comparator<SelectedDeadLetter> IN_ORDER = Comparator.comparing(SelectedDeadLetter::origin);

    private final RedriveRequest request;
    private final int maxRedrives;
    private final Set<String> targets;
    private final Predicate<DeadLetter> redriven;
    private final Set<Origin> landed;
    private final SentDeadLetters sent;
    private final Map<Origin, Latest> byOrigin = new HashMap<>();
    private final Map<SelectedDeadLetter.Group, SelectedDeadLetter.Group> groups = new HashMap<>();
    private final SortedMap<String, Integer> skipped = new TreeMap<>();
    private int matchingWithoutOrigin;

    /** State of one origin. */
    private static final class Latest {

        private final int redriveCount;
        private SelectedDeadLetter chosen;
        private int copies;
        private boolean redriven;
        private boolean sent;

        private Latest(int redriveCount) {
            this.redriveCount = redriveCount;
        }

        void choose(SelectedDeadLetter letter) {
            copies += chosen == null ? 0 : 1;
            chosen = chosen == null || SelectedDeadLetter.FIRST_COPY.compare(letter, chosen) < 0 ? letter : chosen;
        }
    }

    /**
     * @param letters dead letters to send, in the order of their original records
     * @param matching number of records whose latest dead letter matches the filter
     * @param skipped dead letters not sent, by reason, see {@link RedriveCounts}
     * @param parked positions of the first dead letters that have reached the limit of redrives
     */
    record Result(List<SelectedDeadLetter> letters, int matching, Map<String, Integer> skipped,
            List<DeadLetterFilter.Coordinates> parked) {
    }

    /**
     * @param request filter and limits
     * @param maxRedrives how often a record may be redriven
     * @param targets topics that dead letters may be sent to
     * @param redriven whether another job has sent a dead letter
     * @param sent dead letters this job has sent; those found in their target topics are added
     * @param landed origins of dead letters this job has sent, found in their target topics
     */
    Selection(RedriveRequest request, int maxRedrives, Set<String> targets, Predicate<DeadLetter> redriven,
            SentDeadLetters sent, Set<Origin> landed) {
        this.request = request;
        this.maxRedrives = maxRedrives;
        this.targets = targets;
        this.redriven = redriven;
        this.sent = sent;
        this.landed = landed;
    }

    /** Adds a record of a dead-letter topic. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        boolean matches = request.filter().matches(letter, record.key());
        if (letter.origin() == null || !targets.contains(letter.origin().topic())) {
            if (matches) {
                matchingWithoutOrigin++;
                skip(RedriveCounts.NO_ORIGIN, 1);
            }
            return;
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean isRedriven = redriven.test(letter);
        boolean isSent = sent.contains(partition, record.offset());
        if (!matches && !isRedriven && !isSent && letter.redriveCount() == 0) {
            // True for most dead letters: they cannot affect others of their origin, and need no memory.
            return;
        }
        Latest latest = byOrigin.computeIfAbsent(letter.origin(), any -> new Latest(letter.redriveCount()));
        if (letter.redriveCount() < latest.redriveCount) {
            superseded(matches ? 1 : 0);
            return;
        }
        if (letter.redriveCount() > latest.redriveCount) {
            superseded(latest.chosen == null ? 0 : 1 + latest.copies);
            latest = new Latest(letter.redriveCount());
            byOrigin.put(letter.origin(), latest);
        }
        latest.redriven |= isRedriven;
        latest.sent |= isSent;
        if (matches) {
            int bytes = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            latest.choose(new SelectedDeadLetter(partition, record.offset(), letter.origin(), letter.redriveCount(),
                    group(letter), bytes));
        }
    }

    private SelectedDeadLetter.Group group(DeadLetter letter) {
        SelectedDeadLetter.Group group = new SelectedDeadLetter.Group(letter.reasonGroup(), letter.kind(),
                letter.foldedReason());
        return groups.computeIfAbsent(group, same -> same);
    }

    /** Reported only if dead letters are selected by position; a filter ignores older ones. */
    private void superseded(int letters) {
        if (request.filter().letters() != null && !request.filter().letters().isEmpty()) {
            skip(RedriveCounts.SUPERSEDED, letters);
        }
    }

    private void skip(String reason, int letters) {
        if (letters > 0) {
            skipped.merge(reason, letters, Integer::sum);
        }
    }

    /** Returns the selection, once all dead letters have been added. */
    Result result() {
        List<SelectedDeadLetter> toSend = new ArrayList<>();
        List<SelectedDeadLetter> parked = new ArrayList<>();
        int matching = matchingWithoutOrigin;
        for (Latest latest : byOrigin.values()) {
            if (latest.chosen == null) {
                continue;
            }
            matching++;
            skip(RedriveCounts.COPIES, latest.copies);
            if (latest.sent || landed.contains(latest.chosen.origin())) {
                sent.add(latest.chosen.partition(), latest.chosen.offset());
            } else if (latest.redriven && !request.includeRedriven()) {
                skip(RedriveCounts.ALREADY_REDRIVEN, 1);
            } else if (latest.redriveCount >= maxRedrives) {
                parked.add(latest.chosen);
            } else {
                toSend.add(latest.chosen);
            }
        }
        skip(RedriveCounts.PARKED, parked.size());
        // Those already sent count: a resumed job must not send more than its limit.
        return new Result(toSend.stream().sorted(IN_ORDER).limit(Math.max(0, request.limit() - sent.size())).toList(), matching,
                skipped,
                parked.stream().sorted(IN_ORDER).limit(MOST_PARKED_LISTED).map(SelectedDeadLetter::coordinates).toList());
    }
}
