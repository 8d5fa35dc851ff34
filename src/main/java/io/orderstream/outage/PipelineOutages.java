package io.orderstream.outage;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import io.orderstream.support.LogText;

/**
 * The outages of one pipeline: at most one of each cause at a time, whoever tells of it. Says so once when one begins and once
 * when it ends. Thread safe.
 */
public final class PipelineOutages {

    private static final Logger LOG = Logger.getLogger("io.orderstream.pipeline");

    private final String pipeline;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BiConsumer<Outage, Boolean> changed;
    private final Map<OutageCause, State> states = new EnumMap<>(OutageCause.class);
    private long lastNanos;

    private static final class State {
        private Outage outage;
        private int tellers;
        private long sinceNanos;
        private long pastNanos;
    }

    /**
     * @param changed gets each outage that begins or ends, and true if it begins
     */
    PipelineOutages(String pipeline, Clock clock, LongSupplier nanoTime, BiConsumer<Outage, Boolean> changed) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.changed = changed;
        this.lastNanos = nanoTime.getAsLong();
        for (OutageCause cause : OutageCause.values()) {
            states.put(cause, new State());
        }
    }

    /** Name of the pipeline. */
    public String pipeline() {
        return pipeline;
    }

    /**
     * Somebody waits because of this cause. The outage lasts until each who has called this has called {@link #ends}.
     *
     * @param reason the failure by which it was noticed
     */
    public void begins(OutageCause cause, String reason) {
        Outage outage;
        synchronized (states) {
            State state = states.get(cause);
            if (state.tellers++ > 0) {
                return;
            }
            state.sinceNanos = nanoTime.getAsLong();
            state.outage = new Outage(pipeline, cause, clock.instant(), reason);
            outage = state.outage;
        }
        LOG.warnf("outage begins: pipeline=%s cause=%s reason=\"%s\"", pipeline, cause.label(), LogText.quoted(reason));
        changed.accept(outage, true);
    }

    /** Who has called {@link #begins} does not wait any more. */
    public void ends(OutageCause cause) {
        Outage outage;
        long nanos;
        synchronized (states) {
            State state = states.get(cause);
            if (--state.tellers > 0) {
                return;
            }
            lastNanos = nanoTime.getAsLong();
            nanos = lastNanos - state.sinceNanos;
            state.pastNanos += nanos;
            outage = state.outage;
            state.outage = null;
        }
        LOG.infof("outage ends: pipeline=%s cause=%s seconds=%.1f", pipeline, cause.label(),
                nanos / (double) Duration.ofSeconds(1).toNanos());
        changed.accept(outage, false);
    }

    /** The outages there are now. */
    public List<Outage> now() {
        synchronized (states) {
            return states.values().stream().filter(state -> state.outage != null).map(state -> state.outage).toList();
        }
    }

    /** Whether there is an outage of this cause now. */
    public boolean isOut(OutageCause cause) {
        synchronized (states) {
            return states.get(cause).outage != null;
        }
    }

    /** Time in outages of this cause since the start, the one there is now included. */
    public Duration total(OutageCause cause) {
        synchronized (states) {
            State state = states.get(cause);
            long now = state.outage == null ? 0 : nanoTime.getAsLong() - state.sinceNanos;
            return Duration.ofNanos(state.pastNanos + now);
        }
    }

    /** Time since the last outage, whatever its cause, or since the start; zero while there is one. */
    public Duration sinceLast() {
        synchronized (states) {
            boolean isOut = states.values().stream().anyMatch(state -> state.outage != null);
            return isOut ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - lastNanos);
        }
    }
}
