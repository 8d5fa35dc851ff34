package io.orderstream.outage;

import java.time.Duration;

import io.orderstream.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the outage breaker, which every pipeline has one of. */
@ConfigMapping(prefix = "orderstream.outage")
public interface OutageSettings {

    @Setting(env = "OUTAGE_WINDOW", doc = "Handler calls looked at, the last ones of a pipeline; before there are as many no outage is seen. Poison does not count.", min = "1", max = "10000")
    @WithDefault("20")
    int window();

    @Setting(env = "OUTAGE_FAILURE_RATIO", doc = "Share of these calls whose failure begins an outage: the pipeline takes no further records and waits.", min = "0.01", max = "1")
    @WithDefault("0.5")
    double failureRatio();

    @Setting(env = "OUTAGE_PROBE_DELAY", doc = "Time from the begin of an outage to the first probe, one handler call that may end it; grows by half with each that fails.", min = "10ms", max = "10m")
    @WithDefault("1s")
    Duration probeDelay();

    @Setting(env = "OUTAGE_PROBE_MAX_DELAY", doc = "Longest time between two probes.", min = "10ms", max = "1h", atLeast = "OUTAGE_PROBE_DELAY")
    @WithDefault("30s")
    Duration probeMaxDelay();
}
