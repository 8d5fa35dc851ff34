package io.orderstream.metrics;

import io.orderstream.support.Labelled;

/** The tags of metrics. */
public enum Tag implements Labelled {
    /** Name of a pipeline: orders, events or item-orders. */
    PIPELINE,
    /** Why a record became a dead letter. */
    KIND,
    /** Number of an attempt. */
    ATTEMPT,
    /** What is down. */
    CAUSE,
    /** Whether it succeeded: success or failure. */
    OUTCOME,
    /** Name of a channel. */
    CHANNEL,
    /** Consumer group. */
    GROUP,
    /** Topic. */
    TOPIC,
    /** Number of a partition. */
    PARTITION,
    /** Where a redrive job is in its life. */
    STATE;
}
