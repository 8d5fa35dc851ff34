package io.orderstream.monitoring;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.metrics.Metric;
import io.orderstream.redrive.RedriveCounts;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveService;
import io.orderstream.spool.Spool;

/** Gauges for dead letters, redrive jobs and the spool, computed on every scrape. */
@ApplicationScoped
public class ScrapedGauges implements MeterBinder {

    private static final double MILLIS = 1_000;

    private final DeadLetterMonitor monitor;
    private final RedriveService redrives;
    private final Spool spool;

    ScrapedGauges(DeadLetterMonitor monitor, RedriveService redrives, Spool spool) {
        this.monitor = monitor;
        this.redrives = redrives;
        this.spool = spool;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        DeadLetter.KINDS.forEach(
                kind -> Metric.DEAD_LETTERS.gauge(registry, monitor, known -> known.kinds().get(kind), kind));
        Metric.DEAD_LETTER_OLDEST_AGE.gauge(registry, monitor, known -> known.oldestAge().toMillis() / MILLIS);
        for (RedriveJob.State state : RedriveJob.State.values()) {
            Metric.REDRIVE_JOBS.gauge(registry, redrives,
                    known -> known.jobs().stream().filter(job -> job.state() == state).count(), state.label());
        }
        Metric.REDRIVE_SENT.gauge(registry, redrives,
                known -> counts(known).stream().mapToInt(RedriveCounts::sent).sum());
        Metric.REDRIVE_SKIPPED.gauge(registry, redrives, known -> counts(known).stream()
                .flatMap(counts -> counts.skipped().values().stream()).mapToInt(Integer::intValue).sum());
        Metric.SPOOL_RECORDS.gauge(registry, spool, Spool::entries);
        Metric.SPOOL_SIZE.gauge(registry, spool, Spool::bytes);
    }

    private static List<RedriveCounts> counts(RedriveService redrives) {
        return redrives.jobs().stream().map(RedriveJob::counts).filter(counts -> counts != null).toList();
    }
}
