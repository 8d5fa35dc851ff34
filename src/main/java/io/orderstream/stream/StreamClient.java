package io.orderstream.stream;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import io.orderstream.outage.Outage;
import io.orderstream.stream.StatusStream.Event;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * Pending events of one client. However slow it is, only the latest value of each kind and one change for each pipeline and
 * cause are kept; the state of an outage is looked up when it is sent. Thread safe.
 */
final class StreamClient {

    private final Function<Outage, OutageChange> lookUp;
    private final Function<OutageChange, Event> render;
    private final Map<String, Outage> changed = new LinkedHashMap<>();
    private final Map<String, OutageChange> told = new HashMap<>();
    private final Map<String, Event> values = new LinkedHashMap<>();
    private boolean isEnded;
    private UniEmitter<? super Event> waiting;

    /** @param lookUp returns the current state of an outage's pipeline and cause */
    StreamClient(Function<Outage, OutageChange> lookUp, Function<OutageChange, Event> render) {
        this.lookUp = lookUp;
        this.render = render;
    }

    /** Emits the next event once there is one. Subscribe again only after it has been emitted. */
    Uni<Event> next() {
        return Uni.createFrom().emitter(emitter -> tell(() -> waiting = emitter));
    }

    /** Sets the event to send of its kind, replacing an earlier one that is still pending. */
    void latest(Event event) {
        tell(() -> values.put(event.name(), event));
    }

    /** Adds an outage that has begun or ended. */
    void changed(Outage outage) {
        tell(() -> changed.put(outage.key(), outage));
    }

    /** Ends the stream after the pending events. */
    void end() {
        tell(() -> isEnded = true);
    }

    /**
     * Tells the next event if it is waited for. Not in the lock: whoever is told asks for more at once, and is somebody else's
     * code.
     */
    private void tell(Runnable news) {
        UniEmitter<? super Event> emitter;
        Event event;
        synchronized (this) {
            news.run();
            event = waiting == null ? null : take();
            if (event == null) {
                return;
            }
            emitter = waiting;
            waiting = null;
        }
        emitter.complete(event);
    }

    private Event take() {
        Iterator<Outage> outages = changed.values().iterator();
        while (outages.hasNext()) {
            Outage outage = outages.next();
            outages.remove();
            OutageChange state = lookUp.apply(outage);
            if (!state.equals(told.put(outage.key(), state))) {
                return render.apply(state);
            }
        }
        Iterator<Event> pending = values.values().iterator();
        if (!pending.hasNext()) {
            return isEnded ? Event.END : null;
        }
        Event next = pending.next();
        pending.remove();
        return next;
    }
}
