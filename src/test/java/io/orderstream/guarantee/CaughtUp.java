package io.orderstream.guarantee;

import java.time.Duration;

import io.orderstream.testsupport.TooLate;

/**
 * Soon after what was away is back, every order is at its end.
 *
 * @param run what has been played
 */
record CaughtUp(OutageRun run) implements ProcessingGuarantee {

    private static final Duration MOST = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "all orders are processed soon after the return";
    }

    @Override
    public void check(Evidence evidence) {
        long back = run.away().end();
        TooLate.check("the time from the return to the last commit", back, back + run.catchUp().toNanos(), MOST);
    }
}
