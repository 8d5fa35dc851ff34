package io.orderstream.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.orderstream.outage.Outage;
import io.orderstream.outage.Outages;
import io.orderstream.support.Failures;
import io.orderstream.support.Ticks;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Streams values that are computed at fixed intervals, once for all clients, and every begin and end of an outage.
 * Nothing runs while there is no client. Thread safe.
 */
public final class StatusStream {

    private static final Logger LOG = Logger.getLogger(StatusStream.class);

    private final List<Part<?>> parts;
    private final Outages outages;
    private final Function<Outage, Instant> nextProbe;
    private final Function<Object, String> toJson;
    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    /** By the names of their parts; another map for each time there are clients. */
    private Map<String, Value<?>> latest;
    /** Stops what runs for the clients. */
    private Runnable stop;
    private boolean isEnded;

    /**
     * What is streamed beside outages.
     *
     * @param name type of its events
     * @param interval how often it is computed; less often while that takes longer
     * @param isOnlyNews whether a value equal to the one before is left out
     * @param compute asked for on a worker thread; a failure is logged, and there is no event
     * @param view what the event says of the value, as of now; called on worker threads
     */
    public record Part<V>(String name, Duration interval, boolean isOnlyNews, Supplier<Uni<V>> compute,
            Function<V, ?> view) {
    }

    /**
     * An event for those who listen.
     *
     * @param name its type
     * @param json what it says
     */
    public record Event(String name, String json) {

        /** Nothing follows. It is not sent. */
        static final Event END = new Event("end", "");
    }

    private record Value<V>(Part<V> part, V value) {
    }

    /** @param nextProbe tells when it is next tried whether an outage is over, null if that is not known */
    public StatusStream(List<Part<?>> parts, Outages outages, Function<Outage, Instant> nextProbe,
            Function<Object, String> toJson) {
        this.parts = parts;
        this.outages = outages;
        this.nextProbe = nextProbe;
        this.toJson = toJson;
    }

    /** The events for one client: current outages, then values and changes, until it cancels or {@link #end}. */
    public Multi<Event> events() {
        return Multi.createFrom().deferred(() -> {
            StreamClient client = new StreamClient(
                    changed -> OutageChange.of(changed, outages.now(), nextProbe.apply(changed)), this::event);
            join(client);
            return Multi.createBy().repeating().uni(client::next).until(event -> event == Event.END)
                    .onTermination().invoke(() -> leave(client));
        });
    }

    /** How many listen at the moment. */
    public int clients() {
        return clients.size();
    }

    private synchronized void join(StreamClient client) {
        if (isEnded) {
            client.end();
            return;
        }
        clients.add(client);
        if (clients.size() == 1) {
            start();
        } else {
            latest.values().forEach(value -> client.latest(event(value)));
        }
        outages.now().forEach(client::changed);
        LOG.debugf("stream client joined: clients=%d", clients.size());
    }

    private synchronized void leave(StreamClient client) {
        if (!clients.remove(client)) {
            return;
        }
        if (clients.isEmpty()) {
            stop.run();
        }
        LOG.debugf("stream client left: clients=%d", clients.size());
    }

    /** Ends the streams of all current and future clients, without waiting for slow ones. */
    public void end() {
        List<StreamClient> last;
        synchronized (this) {
            isEnded = true;
            last = List.copyOf(clients);
            last.forEach(this::leave);
        }
        last.forEach(StreamClient::end);
    }

    private void start() {
        Map<String, Value<?>> values = new ConcurrentHashMap<>();
        latest = values;
        List<Runnable> ends = new ArrayList<>();
        ends.add(outages.onChange((outage, begins) -> changed(outage)));
        // While the broker is unavailable, computing takes longer than an interval.
        parts.forEach(part -> ends.add(start(part, values)));
        stop = () -> ends.forEach(Runnable::run);
    }

    private <V> Runnable start(Part<V> part, Map<String, Value<?>> values) {
        Cancellable timer = Ticks.every(part.interval(), () -> step(part, values)).subscribe().with(done -> {
        });
        return timer::cancel;
    }

    private <V> Uni<Void> step(Part<V> part, Map<String, Value<?>> values) {
        // The next probe of an outage is planned without a word.
        outages.now().forEach(this::tell);
        // Values come on event loops of pipelines, which have better things to do than to write JSON.
        return Uni.createFrom().deferred(() -> part.compute().get()).emitOn(Infrastructure.getDefaultExecutor())
                .invoke(value -> computed(new Value<>(part, value), values)).replaceWithVoid()
                .onFailure().invoke(failure -> LOG.warnf("no statistics streamed: reason=\"%s\"", Failures.reason(failure)))
                .onFailure().recoverWithNull();
    }

    private void computed(Value<?> value, Map<String, Value<?>> values) {
        if (value.part().isOnlyNews() && value.equals(values.get(value.part().name()))) {
            return;
        }
        Event event = event(value);
        List<StreamClient> told;
        synchronized (this) {
            // Who joins later is given this value then, and nobody an older one after it.
            values.put(value.part().name(), value);
            told = List.copyOf(clients);
        }
        told.forEach(client -> client.latest(event));
    }

    private void tell(Outage outage) {
        clients.forEach(client -> client.changed(outage));
    }

    /** On a worker thread: the notifying thread holds locks and must not block. */
    private void changed(Outage outage) {
        Infrastructure.getDefaultExecutor().execute(() -> tell(outage));
    }

    private <V> Event event(Value<V> value) {
        return new Event(value.part().name(), toJson.apply(value.part().view().apply(value.value())));
    }

    private Event event(OutageChange change) {
        return new Event("outage", toJson.apply(change));
    }
}
