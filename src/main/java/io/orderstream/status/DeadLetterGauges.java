package io.orderstream.status;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.Letter;

/** How many dead letters there are, and how old the oldest is. Read from the monitor whenever the metrics are. */
@ApplicationScoped
public class DeadLetterGauges implements MeterBinder {

    private static final double MILLIS = 1_000;

    private final DeadLetterMonitor monitor;

    DeadLetterGauges(DeadLetterMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        EarlierMeters.remove(registry, MetricNames.DEAD_LETTERS, MetricNames.DEAD_LETTER_OLDEST_AGE);
        Letter.KINDS.forEach(kind -> Gauge.builder(MetricNames.DEAD_LETTERS, monitor, known -> known.kinds().get(kind))
                .description("Original records in the dead-letter topics").tag(MetricNames.KIND, kind).register(registry));
        Gauge.builder(MetricNames.DEAD_LETTER_OLDEST_AGE, monitor, known -> known.oldestAge().toMillis() / MILLIS)
                .description("Age of the oldest dead letter that can be listed").baseUnit("seconds")
                .register(registry);
    }
}
