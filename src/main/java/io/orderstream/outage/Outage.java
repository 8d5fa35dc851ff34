package io.orderstream.outage;

import java.time.Instant;

/**
 * A time in which a pipeline waits because something else is down.
 *
 * @param pipeline name of the pipeline
 * @param cause what is down
 * @param since when it was noticed
 * @param reason the failure by which it was noticed
 */
public record Outage(String pipeline, OutageCause cause, Instant since, String reason) {

    /** The same for all outages of this pipeline and this cause. */
    public String key() {
        return pipeline + " " + cause.label();
    }
}
