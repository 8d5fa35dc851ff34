package io.orderstream.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.activity.Activity;
import io.orderstream.activity.Fate;
import io.orderstream.activity.Lane;
import io.orderstream.activity.RecentRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Event {@code activity} of {@code GET /api/pipelines/<name>/stream}: what a pipeline of this instance does at the moment.
 *
 * @param records some of the latest records, the latest first
 * @param lanes where records keep their order
 */
@RegisterForReflection
public record ActivityView(List<Record> records, Lanes lanes) {

    /**
     * A record, and what has become of it.
     *
     * @param at when that was known
     * @param label how the pipeline names it in log lines
     * @param fate {@code processed}, {@code retrying} or {@code dead-lettered}
     * @param attempt attempts made
     * @param attempts attempts it may have
     * @param dueInMillis when the next attempt is due, from the time of the event on; null unless it is retrying
     * @param reason why the last attempt has failed; null if it has not
     */
    @RegisterForReflection
    @Schema(name = "LatestRecord")
    public record Record(Instant at, String label, String key, int partition, long offset, BigDecimal amount, String fate,
            int attempt, int attempts, @Nullable Long dueInMillis, @Nullable String reason) {

        static Record of(RecentRecord record, int attempts, long nowNanos) {
            return new Record(record.at(), record.label(), record.key(), record.partition(), record.offset(),
                    BigDecimal.valueOf(record.amount(), 2), record.fate().label(), record.attempt(), attempts,
                    record.fate() == Fate.RETRYING ? millis(record.dueNanos(), nowNanos) : null, record.reason());
        }
    }

    /** How many lanes have records in work, and some of them. */
    @RegisterForReflection
    @Schema(name = "Lanes")
    public record Lanes(int total, List<One> lanes) {
    }

    /**
     * A lane: its first record, as in {@link Record}, and how many wait behind it.
     *
     * @param state {@code decoding}, {@code handling}, {@code retrying}, {@code paused} by an outage, or {@code writing} its
     *        dead letter
     */
    @RegisterForReflection
    @Schema(name = "Lane")
    public record One(String key, int waiting, String state, int attempt, int attempts, @Nullable Long dueInMillis) {

        static One of(Lane lane, int attempts, long nowNanos) {
            return new One(lane.key(), lane.waiting(), lane.state().label(), lane.attempt(), attempts,
                    lane.state() == Lane.State.RETRYING ? millis(lane.dueNanos(), nowNanos) : null);
        }
    }

    static ActivityView of(Activity activity, int attempts, long nowNanos) {
        return new ActivityView(activity.latest().stream().map(record -> Record.of(record, attempts, nowNanos)).toList(),
                new Lanes(activity.lanes(), activity.shown().stream().map(lane -> One.of(lane, attempts, nowNanos)).toList()));
    }

    private static Long millis(long dueNanos, long nowNanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(dueNanos - nowNanos));
    }
}
