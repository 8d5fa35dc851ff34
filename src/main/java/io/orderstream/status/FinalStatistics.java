package io.orderstream.status;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.orderstream.average.RunningAverage;
import io.orderstream.average.Totals;
import io.quarkus.runtime.ShutdownEvent;

/** Says at the end what this instance has done, after the pipelines are drained. */
@ApplicationScoped
public class FinalStatistics {

    private static final Logger LOG = Logger.getLogger(FinalStatistics.class);

    private final RunningAverage average;

    FinalStatistics(RunningAverage average) {
        this.average = average;
    }

    void print(@Observes @Priority(200) ShutdownEvent event) {
        Totals totals = average.totals();
        LOG.infof("final statistics: received=%d processed=%d deadLettered=%d retries=%d revenue=%s average=%.2f",
                totals.received(), totals.processed(), totals.deadLettered(), average.retries(), totals.revenue(),
                totals.average());
    }
}
