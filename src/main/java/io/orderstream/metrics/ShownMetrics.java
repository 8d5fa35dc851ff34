package io.orderstream.metrics;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Decides what a scrape shows: the metrics of {@link Metric}, those of the JVM and its process, and the requests over HTTP.
 * What Kafka's clients, Vert.x, Netty and the extensions of Quarkus count of themselves is left out: it is more than all of
 * that together, and no panel, no alert and no page names it.
 */
@Singleton
public class ShownMetrics implements MeterFilter {

    private static final Set<String> DECLARED = Stream.of(Metric.values()).map(Metric::id)
            .collect(Collectors.toUnmodifiableSet());
    private static final String HTTP = "http.server.requests";
    private static final Set<String> OF_THE_PROCESS = Set.of("jvm", "process", "system");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return isShown(id.getName()) ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }

    private static boolean isShown(String name) {
        int dot = name.indexOf('.');
        return DECLARED.contains(name) || name.equals(HTTP) || dot > 0 && OF_THE_PROCESS.contains(name.substring(0, dot));
    }
}
