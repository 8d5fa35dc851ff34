package io.orderstream.monitoring;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.metrics.Metric;
import io.orderstream.spool.Spool;

/** Gauges for the number of records in the spool and its size, read on every scrape. */
@ApplicationScoped
public class SpoolGauges implements MeterBinder {

    private final Spool spool;

    SpoolGauges(Spool spool) {
        this.spool = spool;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Metric.SPOOL_RECORDS.gauge(registry, spool, Spool::entries);
        Metric.SPOOL_SIZE.gauge(registry, spool, Spool::bytes);
    }
}
