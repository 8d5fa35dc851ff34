package io.orderstream.pipeline;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.record.RecordBatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.metrics.Metric;
import io.orderstream.totals.RunningTotals;

/** What is measured of the records of a pipeline, all its channels together. Thread safe. */
final class PipelineMeters {

    /** A record may have any number of attempts; a metric may not. */
    static final int LAST_ATTEMPT = 10;

    private final RunningTotals totals;
    private final Counter received;
    private final Counter processed;
    private final Map<DeadLetterKind, Counter> deadLettered = new EnumMap<>(DeadLetterKind.class);
    private final Counter[] retries = new Counter[LAST_ATTEMPT + 1];
    private final Timer succeeded;
    private final Timer failed;
    private final Timer endToEnd;

    /**
     * @param pipeline its name
     * @param totals what it has counted
     */
    PipelineMeters(MeterRegistry registry, String pipeline, RunningTotals totals) {
        this.totals = totals;
        this.received = Metric.RECEIVED.counter(registry, pipeline);
        this.processed = Metric.PROCESSED.counter(registry, pipeline);
        // What is undeliverable was never a record of the topic: the spool counts it.
        for (DeadLetterKind kind : EnumSet.complementOf(EnumSet.of(DeadLetterKind.UNDELIVERABLE))) {
            deadLettered.put(kind, Metric.DEAD_LETTERED.counter(registry, pipeline, kind.label()));
        }
        for (int attempt = 2; attempt <= LAST_ATTEMPT; attempt++) {
            retries[attempt] = Metric.RETRIES.counter(registry, pipeline, Integer.toString(attempt));
        }
        this.succeeded = Metric.HANDLER.timer(registry, pipeline, "success");
        this.failed = Metric.HANDLER.timer(registry, pipeline, "failure");
        this.endToEnd = Metric.END_TO_END.timer(registry, pipeline);
    }

    /** What this instance has counted. */
    RunningTotals totals() {
        return totals;
    }

    /** A record was taken from the pipeline's topic. */
    void received() {
        received.increment();
    }

    /** A call of the handler has ended. */
    void called(long nanos, boolean isSuccess) {
        (isSuccess ? succeeded : failed).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** An attempt beyond the first is made. */
    void retried(int attempt) {
        totals.retried();
        retries[Math.min(attempt, LAST_ATTEMPT)].increment();
    }

    /**
     * A record is processed.
     *
     * @param timestamp that of the record, in milliseconds since 1970
     */
    void processed(long timestamp) {
        processed.increment();
        done(timestamp);
    }

    /**
     * The dead letter of a record is confirmed.
     *
     * @param timestamp that of the record, in milliseconds since 1970
     */
    void deadLettered(DeadLetterKind kind, long timestamp) {
        deadLettered.get(kind).increment();
        done(timestamp);
    }

    private void done(long timestamp) {
        if (timestamp != RecordBatch.NO_TIMESTAMP) {
            // Clocks of other machines may be ahead.
            endToEnd.record(Math.max(0, System.currentTimeMillis() - timestamp), TimeUnit.MILLISECONDS);
        }
    }
}
