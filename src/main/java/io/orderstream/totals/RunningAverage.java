package io.orderstream.totals;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

/** Running totals of this instance by pipeline, from which averages are computed. Thread safe. */
@ApplicationScoped
public class RunningAverage {

    private final Map<String, RunningTotals> byPipeline = new ConcurrentHashMap<>();

    /** Returns the totals of a pipeline, shared by all its channels. */
    public RunningTotals of(String pipeline) {
        return byPipeline.computeIfAbsent(pipeline, name -> new RunningTotals());
    }
}
