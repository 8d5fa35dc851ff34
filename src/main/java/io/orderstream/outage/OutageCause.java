package io.orderstream.outage;

import io.orderstream.support.Labelled;

/** What is down while a pipeline is in outage. */
public enum OutageCause implements Labelled {

    /** What the handler calls. */
    DEPENDENCY,
    /** The schema registry: records wait to be decoded. */
    REGISTRY,
    /** The Kafka broker. */
    BROKER
}
