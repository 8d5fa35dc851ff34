package io.orderstream.api;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import io.orderstream.api.StatusStream.Event;
import io.orderstream.outage.Outage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * What a client of the stream has yet to be told. However slow it is, no more is kept than the latest statistics and, of each
 * pipeline and cause, that something has changed: how it stands is looked up when it is told. Thread safe.
 */
final class StreamClient {

    private final Function<Outage, OutageChange> lookUp;
    private final Function<OutageChange, Event> render;
    private final Map<String, Outage> changed = new LinkedHashMap<>();
    private final Map<String, OutageChange> told = new HashMap<>();
    private Event stats;
    private boolean isEnded;
    private UniEmitter<? super Event> waiting;

    /**
     * @param lookUp how it stands now with the pipeline and the cause of an outage
     */
    StreamClient(Function<Outage, OutageChange> lookUp, Function<OutageChange, Event> render) {
        this.lookUp = lookUp;
        this.render = render;
    }

    /** The next event, when there is one; to be asked for again only after it has come. */
    Uni<Event> next() {
        return Uni.createFrom().emitter(emitter -> tell(() -> waiting = emitter));
    }

    /** Takes the place of earlier statistics that were not told. */
    void stats(Event latest) {
        tell(() -> stats = latest);
    }

    /** An outage has begun or ended. */
    void changed(Outage outage) {
        tell(() -> changed.put(outage.key(), outage));
    }

    /** Nothing follows what is yet to be told. */
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
        Event next = stats == null && isEnded ? Event.END : stats;
        stats = null;
        return next;
    }
}
