package io.orderstream.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import io.orderstream.activity.Activity;
import io.orderstream.activity.Fate;
import io.orderstream.activity.Lane;
import io.orderstream.activity.RecentRecord;
import io.orderstream.activity.RecentRecords;
import io.orderstream.support.Failures;
import io.orderstream.support.LogText;

/**
 * What the records of a channel do: how many wait for a retry, and, for those who look at it, what has become of some of them.
 * A record nobody wants to see costs a comparison. Confined to the event loop of the channel.
 *
 * @param <T> type of the decoded values
 */
final class ChannelActivity<T> {

    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_REASON = 300;

    /** Lanes that wait for a retry first, then those in which most wait, and of those alike the one of the earliest record. */
    private static final Comparator<KeyLanes.Members<? extends InFlightRecord<?>>> TELLING = Comparator.<KeyLanes.Members<? extends InFlightRecord<?>>> comparingInt(
            lane -> lane.first().isRetrying() ? 0 : 1)
            .thenComparingInt(lane -> -lane.waiting()).thenComparingInt(lane -> lane.first().partition())
            .thenComparingLong(lane -> lane.first().offset());

    private final RetryPolicy policy;
    private final RecordLog<T> log;
    private final RecentRecords recent = new RecentRecords();
    private int retrying;

    /** @param log knows how records are named */
    ChannelActivity(RetryPolicy policy, RecordLog<T> log) {
        this.policy = policy;
        this.log = log;
    }

    /** The record is processed. */
    void processed(InFlightRecord<T> record) {
        if (recent.isProcessedWanted() || record.isNoted()) {
            note(record, Fate.PROCESSED, record.attempt(), null);
        }
    }

    /** The dead letter of the record is written. */
    void deadLettered(InFlightRecord<T> record, Throwable reason) {
        if (recent.isOtherWanted() || record.isNoted()) {
            note(record, Fate.DEAD_LETTERED, record.attempt(), reason);
        }
    }

    /** The record has failed and waits for its next attempt, if it has one. */
    void waitsForRetry(InFlightRecord<T> record) {
        if (record.isRetrying() || record.countedAttempts() > policy.maxRetries()) {
            return;
        }
        record.waitsFor(Lane.State.RETRYING);
        retrying++;
        if (recent.isOtherWanted() || record.isNoted()) {
            note(record, Fate.RETRYING, record.countedAttempts(), record.lastFailure());
        }
    }

    /** The record does not wait for a retry any more, if it did. */
    void goesOn(InFlightRecord<T> record) {
        if (record.isRetrying()) {
            retrying--;
            record.waitsFor(Lane.State.HANDLING);
        }
    }

    /** What becomes of the record is seen by who reads it next. */
    void handedBack(InFlightRecord<T> record) {
        goesOn(record);
        if (record.isNoted()) {
            recent.forget(record.partition(), record.offset());
        }
    }

    /** No record is lost because it cannot be shown. */
    private void note(InFlightRecord<T> record, Fate fate, int attempt, Throwable reason) {
        try {
            record.noted();
            byte[] key = record.record.key();
            recent.add(new RecentRecord(Instant.now(), log.name(record),
                    key == null ? null : shown(new String(key, StandardCharsets.UTF_8)), record.partition(), record.offset(),
                    record.amount(), fate, attempt, fate == Fate.RETRYING ? dueNanos(record) : 0,
                    reason == null ? null : LogText.line(Failures.message(reason), LONGEST_REASON)));
        } catch (Throwable e) {
            log.broken(record, e);
        }
    }

    private static String shown(String key) {
        return LogText.line(key, LONGEST_KEY);
    }

    private long dueNanos(InFlightRecord<T> record) {
        return record.failedAtNanos() + policy.backoff(record.countedAttempts()).toNanos();
    }

    /** Records that wait for their next attempt, each ahead of the later ones of its lane. */
    int retrying() {
        return retrying;
    }

    /** @param moved records that wait in the retry topic */
    Activity look(KeyLanes<InFlightRecord<T>> lanes, int moved) {
        List<Lane> shown = lanes.isEmpty() ? List.of()
                : lanes.stream().limit(Activity.MOST_LOOKED_AT).sorted(TELLING).limit(Activity.MOST_SHOWN).map(this::lane)
                        .toList();
        return new Activity(lanes.size(), retrying + moved, shown, recent.look());
    }

    private Lane lane(KeyLanes.Members<InFlightRecord<T>> lane) {
        InFlightRecord<T> first = lane.first();
        return new Lane(shown(first.lane().common()), lane.waiting(), first.state(), first.countedAttempts(),
                first.isRetrying() ? dueNanos(first) : 0);
    }
}
