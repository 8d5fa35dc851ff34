package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.orderstream.testsupport.TooLate;

/**
 * An instance that is asked to end does so soon.
 *
 * @param chaos how often and how quickly it did
 */
record StoppedSoon(GracefulStops chaos) implements ProcessingGuarantee {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "an instance ends soon when it is asked to";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(chaos.stops()).hasSize(chaos.count());
        chaos.stops().forEach(stop -> TooLate.check("a stop", stop.begin(), stop.end(), LONGEST_STOP));
    }
}
