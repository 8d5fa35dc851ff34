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
 * Chooses the letters of a job. It is shown all letters, in any order, and keeps for each origin the one that was redriven most
 * often: the older ones are history. The same letters always give the same choice. Not thread safe.
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

    /** What is known of one origin. */
    private static final class Latest {

        private int redriveCount = -1;
        private SelectedDeadLetter chosen;
        private int copies;
        private boolean redriven;
        private boolean sent;
    }

    /**
     * @param letters to be sent, in the original order of their records
     * @param matching letters the filter selects
     * @param skipped letters that are not sent, by {@link Skip}'s labels
     * @param parked the first letters that may not be redriven any more
     */
    record Result(List<SelectedDeadLetter> letters, int matching, Map<String, Integer> skipped,
            List<DeadLetterFilter.Coordinates> parked) {
    }

    /**
     * @param request what is wanted
     * @param maxRedrives how often a letter may be redriven
     * @param targets the topics letters may go back to
     * @param redriven whether another job has sent a letter
     * @param sent what this job has sent; what turns out to have landed is added
     * @param landed origins this job has sent, found in their topics
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

    /** Takes one more letter. */
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
            // Most letters: they change nothing for the others of their origin, and need no memory.
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

    /** Who asks for a letter by its coordinates is told; to others an older letter is no news. */
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

    /** What was chosen, once all letters have been shown. */
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
        // What is sent already counts: a job that goes on must not send more than one that was never stopped.
        return new Result(toSend.stream().sorted().limit(Math.max(0, request.limit() - sent.size())).toList(), matching,
                reasons, parked.stream().sorted().limit(MOST_PARKED_LISTED).map(SelectedDeadLetter::coordinates).toList());
    }
}
