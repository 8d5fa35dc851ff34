package io.orderstream.monitoring;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.orderstream.order.OrderPipeline;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.support.Lifecycle;
import io.orderstream.totals.Totals;
import io.quarkus.runtime.ShutdownEvent;

/** Logs the final totals of this instance during shutdown, after the pipelines have drained. */
@ApplicationScoped
public class FinalStatistics {

    private static final Logger LOG = Logger.getLogger(FinalStatistics.class);

    private final Pipelines pipelines;

    FinalStatistics(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    void print(@Observes @Priority(Lifecycle.Stop.FINAL_STATISTICS) ShutdownEvent event) {
        pipelines.running().forEach(FinalStatistics::print);
    }

    private static void print(RunningPipeline pipeline) {
        Totals totals = pipeline.totals().totals();
        String counts = "received=%d processed=%d deadLettered=%d retries=%d".formatted(totals.received(), totals.processed(),
                totals.deadLettered(), pipeline.totals().retries());
        if (pipeline.name().equals(OrderPipeline.NAME)) {
            LOG.infof("final statistics: %s revenue=%s average=%.2f", counts, totals.revenue(), totals.average());
        } else {
            LOG.infof("final statistics: pipeline=%s %s", pipeline.name(), counts);
        }
    }
}
