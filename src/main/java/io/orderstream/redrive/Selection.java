package io.orderstream.redrive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.deadletter.OriginMap;

/**
 * Selects the dead letters of a job. Of all dead letters, added in any order, it keeps the one with the most redrives
 * for each origin; the others are history. Deterministic, unless the headers do not tell which of several records with the same
 * value at the same position of topics made anew a letter is of; not thread safe.
 */
final class Selection {

    private static final int MOST_PARKED_LISTED = 100;
    private static final Comparator<SelectedDeadLetter> IN_ORDER = Comparator.comparing(SelectedDeadLetter::origin);

    private final RedriveRequest request;
    private final int maxRedrives;
    private final Set<String> targets;
    private final Predicate<DeadLetter> redriven;
    private final OriginMap<Boolean> landed;
    private final SentDeadLetters sent;
    private final OriginMap<Latest> byOrigin = new OriginMap<>();
    private final Map<SelectedDeadLetter.Group, SelectedDeadLetter.Group> groups = new HashMap<>();
    private final LeftOut leftOut = new LeftOut();
    /** Positions the request asks for, without those seen. */
    private final Set<Coordinates> wanted;
    private int matchingWithoutTarget;

    /** State of one origin. */
    private static final class Latest {

        private final int redriveCount;
        private SelectedDeadLetter chosen;
        private final List<SelectedDeadLetter> copies = new ArrayList<>(0);
        private boolean redriven;
        private boolean sent;

        private Latest(int redriveCount) {
            this.redriveCount = redriveCount;
        }

        Stream<SelectedDeadLetter> all() {
            return Stream.concat(Stream.ofNullable(chosen), copies.stream());
        }

        void choose(SelectedDeadLetter letter) {
            if (chosen == null) {
                chosen = letter;
                return;
            }
            boolean isFirst = SelectedDeadLetter.FIRST_COPY.compare(letter, chosen) < 0;
            copies.add(isFirst ? chosen : letter);
            chosen = isFirst ? letter : chosen;
        }
    }

    /**
     * @param letters dead letters to send, in the order of their original records
     * @param matching number of records whose latest dead letter matches the filter
     * @param leftOut dead letters not sent
     * @param parked positions of the first dead letters that have reached the limit of redrives
     */
    record Result(List<SelectedDeadLetter> letters, int matching, LeftOut leftOut, List<Coordinates> parked) {
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
            SentDeadLetters sent, OriginMap<Boolean> landed) {
        this.request = request;
        this.maxRedrives = maxRedrives;
        this.targets = targets;
        this.redriven = redriven;
        this.sent = sent;
        this.landed = landed;
        List<Coordinates> positions = request.filter().letters();
        this.wanted = positions == null ? new HashSet<>() : new HashSet<>(positions);
    }

    /** Adds a record of a dead-letter topic. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        boolean matches = request.filter().matches(letter, record.key());
        wanted.remove(letter.coordinates());
        if (letter.origin() == null || !targets.contains(letter.origin().topic())) {
            if (matches) {
                withoutTarget(letter);
            }
            return;
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean isRedriven = redriven.test(letter);
        boolean isSent = sent.contains(partition, record.offset()) || landed.get(letter.origin(), record.value()) != null;
        if (!matches && !isRedriven && !isSent && letter.redriveCount() == 0) {
            // True for most dead letters: they cannot affect others of their origin, and need no memory.
            return;
        }
        Latest latest = latest(letter, record.value());
        if (letter.redriveCount() < latest.redriveCount) {
            superseded(matches ? List.of(letter.coordinates()) : List.of());
            return;
        }
        latest.redriven |= isRedriven;
        latest.sent |= isSent;
        if (matches) {
            int bytes = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            latest.choose(new SelectedDeadLetter(partition, record.offset(), letter.origin(), OriginMap.digest(record.value()),
                    letter.redriveCount(), group(letter), bytes, letter.at().toEpochMilli()));
        }
    }

    private void withoutTarget(DeadLetter letter) {
        matchingWithoutTarget++;
        if (letter.origin() == null) {
            leftOut.add(letter.coordinates(), RedriveCounts.NO_ORIGIN, null);
        } else {
            leftOut.add(letter.coordinates(), RedriveCounts.UNKNOWN_TARGET, letter.origin().topic());
        }
    }

    /** The state of the letter's origin, which begins anew with a letter of more redrives. */
    private Latest latest(DeadLetter letter, byte[] value) {
        Latest latest = byOrigin.get(letter.origin(), value);
        if (latest != null && latest.redriveCount < letter.redriveCount()) {
            superseded(latest.all().map(SelectedDeadLetter::coordinates).toList());
        } else if (latest != null) {
            // Its timestamp may have become known.
            byOrigin.put(letter.origin(), value, latest);
            return latest;
        }
        Latest next = new Latest(letter.redriveCount());
        byOrigin.put(letter.origin(), value, next);
        return next;
    }

    private SelectedDeadLetter.Group group(DeadLetter letter) {
        SelectedDeadLetter.Group group = new SelectedDeadLetter.Group(letter.reasonGroup(), letter.kind(),
                letter.foldedReason());
        return groups.computeIfAbsent(group, same -> same);
    }

    /** Reported only if dead letters are selected by position; a filter ignores older ones. */
    private void superseded(List<Coordinates> letters) {
        if (request.filter().letters() != null && !request.filter().letters().isEmpty()) {
            letters.forEach(letter -> leftOut.add(letter, RedriveCounts.SUPERSEDED, null));
        }
    }

    /** Returns the selection, once all dead letters have been added. */
    Result result() {
        List<SelectedDeadLetter> toSend = new ArrayList<>();
        List<SelectedDeadLetter> parked = new ArrayList<>();
        int matching = matchingWithoutTarget;
        for (Latest latest : byOrigin.values()) {
            if (latest.chosen == null) {
                continue;
            }
            matching++;
            leaveOut(latest.copies, RedriveCounts.COPIES);
            if (latest.sent) {
                sent.add(latest.chosen.partition(), latest.chosen.offset());
            } else if (latest.redriven && !request.includeRedriven()) {
                leaveOut(List.of(latest.chosen), RedriveCounts.ALREADY_REDRIVEN);
            } else if (latest.redriveCount >= maxRedrives) {
                parked.add(latest.chosen);
            } else {
                toSend.add(latest.chosen);
            }
        }
        leaveOut(parked, RedriveCounts.PARKED);
        wanted.stream()
                .filter(letter -> !sent.contains(new TopicPartition(letter.topic(), letter.partition()), letter.offset()))
                .forEach(letter -> leftOut.add(letter, RedriveCounts.NOT_FOUND, null));
        // Those already sent count: a resumed job must not send more than its limit.
        return new Result(toSend.stream().sorted(IN_ORDER).limit(Math.max(0, request.limit() - sent.size())).toList(), matching,
                leftOut,
                parked.stream().sorted(IN_ORDER).limit(MOST_PARKED_LISTED).map(SelectedDeadLetter::coordinates).toList());
    }

    private void leaveOut(List<SelectedDeadLetter> letters, String reason) {
        letters.forEach(letter -> leftOut.add(letter.coordinates(), reason, null));
    }
}
