package io.orderstream.monitoring;

import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.metrics.Metric;

/** Removes the meters that an earlier application in this JVM, as in tests, has left: they would be used again. */
final class EarlierMeters {

    private EarlierMeters() {
    }

    static void remove(MeterRegistry registry, Metric... metrics) {
        Stream.of(metrics).flatMap(metric -> registry.find(metric.id()).meters().stream()).forEach(registry::remove);
    }
}
