package io.orderstream.pipeline;

import java.time.Duration;

/** Settings of an outage breaker in tests: as the defaults, but quick. */
record TrialOutages(int window, double failureRatio, Duration probeDelay, Duration probeMaxDelay) implements OutageSettings {

    TrialOutages() {
        this(20, 0.5, Duration.ofMillis(20), Duration.ofMillis(200));
    }
}
