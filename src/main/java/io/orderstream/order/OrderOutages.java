package io.orderstream.order;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.pipeline.OutageBreaker;
import io.orderstream.pipeline.OutageSettings;
import io.orderstream.pipeline.Outages;
import io.orderstream.pipeline.PipelineSettings;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.vertx.core.Vertx;

/** The outage breaker of the order pipeline. */
@ApplicationScoped
public class OrderOutages {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String PIPELINE = "orders";

    private final OutageBreaker breaker;

    OrderOutages(Outages outages, OrderCalls calls, CircuitBreakerMaintenance states, OutageSettings settings,
            PipelineSettings pipeline, Vertx timers) {
        this.breaker = new OutageBreaker(outages.of(PIPELINE), calls::ended, settings, pipeline.maxInFlight(), timers);
        states.onStateChange(OrderCalls.BREAKER, breaker::changed);
    }

    OutageBreaker breaker() {
        return breaker;
    }
}
