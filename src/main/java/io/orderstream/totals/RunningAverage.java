package io.orderstream.totals;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

/** The running totals of this instance, and with them its running average: one for each pipeline. Thread safe. */
@ApplicationScoped
public class RunningAverage {

    private final Map<String, RunningTotals> byPipeline = new ConcurrentHashMap<>();

    /** The totals of a pipeline, whichever of its channels counts: the same each time. */
    public RunningTotals of(String pipeline) {
        return byPipeline.computeIfAbsent(pipeline, name -> new RunningTotals());
    }
}
