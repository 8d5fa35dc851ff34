package io.orderstream.redrive;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.Origin;
import io.orderstream.redrive.RedriveCounts.Skip;

/**
 * Selects the dead letters of a job. Of all dead letters, added in any order, it keeps the one with the most redrives
 * for each origin; the others are history. Deterministic; not thread safe.
 */
final class Selection {

    private static final int MOST_PARKED_LISTED = 100;

    private final RedriveRequest request;
    private final int maxRedrives;
    private final Set<String> targets;
    private final Predicate<DeadLetter> redriven;
    private final Set<Origin> landed;
    private final SentDeadLetters sent;
    private final Map<Origin, Latest> byOrigin = new HashMap<>();
    private final Map<SelectedDeadLetter.Group, SelectedDeadLetter.Group> groups = new HashMap<>();
    private final Map<Skip, Integer> skipped = new EnumMap<>(Skip.class);
    private int matchingWithoutOrigin;

    /** State of one origin. */
    private static final class Latest {

        private int redriveCount = -1;
        private SelectedDeadLetter chosen;
        private int copies;
        private boolean redriven;
        private boolean sent;
    }

    /**
     * @param letters dead letters to send, in the order of their original records
     * @param matching number of records whose latest dead letter matches the filter
     * @param skipped dead letters not sent, by label of {@link Skip}
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
            SentDeadLetters sent,
            Set<Origin> landed) {
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
                skip(Skip.NO_ORIGIN, 1);
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
        Latest latest = byOrigin.computeIfAbsent(letter.origin(), any -> new Latest());
        if (letter.redriveCount() < latest.redriveCount) {
            superseded(matches ? 1 : 0);
            return;
        }
        if (letter.redriveCount() > latest.redriveCount) {
            superseded(latest.chosen == null ? 0 : 1 + latest.copies);
            renew(latest, letter.redriveCount());
        }
        latest.redriven |= isRedriven;
        latest.sent |= isSent;
        if (matches) {
            choose(latest,
                    new SelectedDeadLetter(partition, record.offset(), letter.origin(), letter.redriveCount(), group(letter),
                            Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize())));
        }
    }

    private static void renew(Latest latest, int redriveCount) {
        latest.redriveCount = redriveCount;
        latest.chosen = null;
        latest.copies = 0;
        latest.redriven = false;
        latest.sent = false;
    }

    private static void choose(Latest latest, SelectedDeadLetter letter) {
        if (latest.chosen == null) {
            latest.chosen = letter;
            return;
        }
        latest.copies++;
        if (SelectedDeadLetter.FIRST_COPY.compare(letter, latest.chosen) < 0) {
            latest.chosen = letter;
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
            skip(Skip.SUPERSEDED, letters);
        }
    }

    private void skip(Skip reason, int letters) {
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
            skip(Skip.COPIES, latest.copies);
            if (latest.sent || landed.contains(latest.chosen.origin())) {
                sent.add(latest.chosen.partition(), latest.chosen.offset());
            } else if (latest.redriven && !request.includeRedriven()) {
                skip(Skip.ALREADY_REDRIVEN, 1);
            } else if (latest.redriveCount >= maxRedrives) {
                parked.add(latest.chosen);
            } else {
                toSend.add(latest.chosen);
            }
        }
        skip(Skip.PARKED, parked.size());
        Map<String, Integer> reasons = new TreeMap<>();
        skipped.forEach((reason, letters) -> reasons.put(reason.label(), letters));
        // Those already sent count: a resumed job must not send more than its limit.
        return new Result(toSend.stream().sorted().limit(Math.max(0, request.limit() - sent.size())).toList(), matching,
                reasons, parked.stream().sorted().limit(MOST_PARKED_LISTED).map(SelectedDeadLetter::coordinates).toList());
    }
}
