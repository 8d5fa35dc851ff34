package io.orderstream.guarantee;

import java.util.List;

import io.orderstream.testsupport.Fate;
import io.orderstream.totals.Totals;

/**
 * A record in a topic, and what has to become of it.
 *
 * @param record {@code topic-partition-offset}
 * @param key its key, null if it has none
 * @param fate how it has to end
 * @param lane what it shares with the records that have to wait for it, null if none has to
 * @param amount what it adds to the sum of amounts when it is processed
 * @param names under which it is counted as well, as the statistics show them
 */
record Expected(String record, String key, Fate fate, String lane, long amount, List<String> names) {

    boolean isProcessed() {
        return fate.isProcessed();
    }

    /** The call that ends it. */
    HandlerCall lastCall() {
        return new HandlerCall(record, fate.attempts());
    }

    /** What it adds to the totals. */
    Totals counts() {
        return isProcessed() ? new Totals(1, 1, 0, amount) : new Totals(1, 0, 1, 0);
    }
}
