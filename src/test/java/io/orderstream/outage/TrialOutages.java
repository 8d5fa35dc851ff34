package io.orderstream.outage;

import java.time.Duration;

/** Settings of an outage breaker in tests: as the defaults, but quick. */
public record TrialOutages(int window, double failureRatio, Duration probeDelay,
        Duration probeMaxDelay) implements OutageSettings {

    public TrialOutages() {
        this(20, 0.5, Duration.ofMillis(20), Duration.ofMillis(200));
    }
}
