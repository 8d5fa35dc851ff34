package io.orderstream.outage;

import java.util.Locale;

/** What is down while a pipeline is in outage. */
public enum OutageCause {

    /** What the handler calls. */
    DEPENDENCY,
    /** The schema registry: records wait to be decoded. */
    REGISTRY,
    /** The Kafka broker. */
    BROKER;

    /** Its name in answers, metrics and log lines. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
