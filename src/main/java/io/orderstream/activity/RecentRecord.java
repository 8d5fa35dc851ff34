package io.orderstream.activity;

import java.time.Instant;

/**
 * A record that has been processed lately, or was tried to be. Its texts are single lines of bounded length.
 *
 * @param at when its fate was known
 * @param label how its pipeline names it in log lines, or its coordinates
 * @param key its key as text; null if it has none
 * @param partition partition it was in at first
 * @param offset offset it had at first
 * @param amount what it adds to the sum of its pipeline
 * @param fate what has become of it
 * @param attempt attempts made
 * @param dueNanos when the next attempt is due, on the clock of {@link System#nanoTime()}; meaningless unless it is retrying
 * @param reason of its dead letter or of the failed attempt; otherwise null
 */
public record RecentRecord(Instant at, String label, String key, int partition, long offset, long amount, Fate fate,
        int attempt, long dueNanos, String reason) {

    boolean isSameAs(RecentRecord other) {
        return partition == other.partition && offset == other.offset;
    }
}
