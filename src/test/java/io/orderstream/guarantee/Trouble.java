package io.orderstream.guarantee;

import java.time.Duration;

import io.orderstream.outage.OutageCause;

/**
 * Something the application needs goes away, and comes back.
 *
 * @param scenario its name in the line that is printed
 * @param cause as what the application has to tell of it
 * @param duration how long it is away
 * @param begin takes it away
 * @param end brings it back; returns when it can be used
 */
record Trouble(String scenario, OutageCause cause, Duration duration, Runnable begin, Runnable end) {

    /** What the handler calls does not do what it should. */
    static Trouble ofDependency(String scenario, Duration duration, Runnable begin, Runnable end) {
        return new Trouble(scenario, OutageCause.DEPENDENCY, duration, begin, end);
    }
}
