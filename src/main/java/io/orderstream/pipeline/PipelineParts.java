package io.orderstream.pipeline;

import java.util.function.Function;

import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.record.Delivery;
import io.orderstream.support.Standstill;
import io.orderstream.trace.GuardedTracing;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;

/**
 * What all channels of a pipeline share.
 *
 * @param definition what is particular to the pipeline
 * @param handler calls the definition's handler on the threads it is for
 * @param breaker waits for what the handler calls
 * @param retries how the attempts after the first are made
 * @param meters what is measured
 * @param deadLetters writes what is given up
 * @param tracing follows the records
 * @param standstill knows when this process did not run
 * @param <T> type of the decoded values
 */
record PipelineParts<T>(PipelineDefinition<T> definition, Function<Delivery<T>, Uni<Void>> handler, OutageBreaker breaker,
        RetryPolicy retries, PipelineMeters meters, DeadLetterWriter deadLetters, Tracing tracing, Standstill standstill) {

    PipelineParts {
        tracing = GuardedTracing.of(tracing);
    }
}
