package io.orderstream.metrics;

import io.orderstream.support.Labelled;

/** Tags (labels) of the metrics. */
public enum Tag implements Labelled {
    /** Name of a pipeline: orders, events or item-orders. */
    PIPELINE,
    /** Kind of a dead letter: why the record was given up. */
    KIND,
    /** Number of an attempt at a record; 2 is the first retry. */
    ATTEMPT,
    /** Cause of an outage. */
    CAUSE,
    /** Outcome of an operation: success or failure. */
    OUTCOME,
    /** Name of a Reactive Messaging channel. */
    CHANNEL,
    /** Consumer group. */
    GROUP,
    /** Topic. */
    TOPIC,
    /** Number of a partition. */
    PARTITION,
    /** State of a redrive job. */
    STATE;
}
