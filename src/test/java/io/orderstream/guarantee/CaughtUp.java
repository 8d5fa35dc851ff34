package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/**
 * Soon after what was away is back, every order is at its end.
 *
 * @param took how long it took
 */
record CaughtUp(Duration took) implements ProcessingGuarantee {

    private static final Duration MOST = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "all orders are processed soon after the return";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(took).as("time from the return to the last commit").isLessThanOrEqualTo(MOST);
    }
}
