package io.orderstream.api;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import io.orderstream.outage.Outage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * Pending events of one client. However slow it is, only the latest statistics and one change for each pipeline and
 * cause are kept; the state of an outage is looked up when it is sent. Thread safe.
 */
final class StreamClient {

    private final Function<Outage, OutageChange> lookUp;
    private final Function<OutageChange, StreamEvent> render;
    private final Map<String, Outage> changed = new LinkedHashMap<>();
    private final Map<String, OutageChange> told = new HashMap<>();
    private StreamEvent stats;
    private boolean isEnded;
    private UniEmitter<? super StreamEvent> waiting;

    /** @param lookUp returns the current state of an outage's pipeline and cause */
    StreamClient(Function<Outage, OutageChange> lookUp, Function<OutageChange, StreamEvent> render) {
        this.lookUp = lookUp;
        this.render = render;
    }

    /** Emits the next event once there is one. Subscribe again only after it has been emitted. */
    Uni<StreamEvent> next() {
        return Uni.createFrom().emitter(emitter -> await(emitter));
    }

    /** Sets the statistics to send, replacing earlier ones that are still pending. */
    void stats(StreamEvent latest) {
        synchronized (this) {
            stats = latest;
        }
        tell();
    }

    /** Adds an outage that has begun or ended. */
    void changed(Outage outage) {
        synchronized (this) {
            changed.put(outage.key(), outage);
        }
        tell();
    }

    /** Ends the stream after the pending events. */
    void end() {
        synchronized (this) {
            isEnded = true;
        }
        tell();
    }

    private void await(UniEmitter<? super StreamEvent> emitter) {
        synchronized (this) {
            waiting = emitter;
        }
        tell();
    }

    /** Emits outside the lock: the subscriber is unknown code, and asks for the next event at once. */
    private void tell() {
        UniEmitter<? super StreamEvent> emitter;
        StreamEvent event;
        synchronized (this) {
            event = waiting == null ? null : take();
            if (event == null) {
                return;
            }
            emitter = waiting;
            waiting = null;
        }
        emitter.complete(event);
    }

    private StreamEvent take() {
        Iterator<Outage> outages = changed.values().iterator();
        while (outages.hasNext()) {
            Outage outage = outages.next();
            outages.remove();
            OutageChange state = lookUp.apply(outage);
            if (!state.equals(told.put(outage.key(), state))) {
                return render.apply(state);
            }
        }
        StreamEvent next = stats == null && isEnded ? StreamEvent.END : stats;
        stats = null;
        return next;
    }
}
