package io.orderstream.api;

import java.time.Duration;
import java.util.List;
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
 * Streams statistics at a fixed interval, computed once for all clients, and every begin and end of an outage.
 * Nothing runs while there is no client. Thread safe.
 */
public final class StatusStream {

    private static final Logger LOG = Logger.getLogger(StatusStream.class);

    private final Supplier<Uni<OrderStats>> statistics;
    private final Duration interval;
    private final Outages outages;
    private final Function<Object, String> toJson;
    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    private volatile Event latest;
    /** Stops what runs for the clients. */
    private Runnable stop;
    private boolean isEnded;

    /**
     * An event for those who listen to {@code GET /api/stream}.
     *
     * @param name its type
     * @param json what it says
     */
    record Event(String name, String json) {

        /** Nothing follows. It is not sent. */
        static final Event END = new Event("end", "");
    }

    StatusStream(Supplier<Uni<OrderStats>> statistics, Duration interval, Outages outages, Function<Object, String> toJson) {
        this.statistics = statistics;
        this.interval = interval;
        this.outages = outages;
        this.toJson = toJson;
    }

    /** The events for one client: current outages, then statistics and changes, until it cancels or {@link #end}. */
    Multi<Event> events() {
        return Multi.createFrom().deferred(() -> {
            StreamClient client = new StreamClient(changed -> OutageChange.of(changed, outages.now()), this::event);
            join(client);
            return Multi.createBy().repeating().uni(client::next).until(event -> event == Event.END)
                    .onTermination().invoke(() -> leave(client));
        });
    }

    private synchronized void join(StreamClient client) {
        if (isEnded) {
            client.end();
            return;
        }
        clients.add(client);
        if (clients.size() == 1) {
            start();
        } else if (latest != null) {
            client.stats(latest);
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
            latest = null;
        }
        LOG.debugf("stream client left: clients=%d", clients.size());
    }

    /** Ends the streams of all current and future clients, without waiting for slow ones. */
    void end() {
        List<StreamClient> last;
        synchronized (this) {
            isEnded = true;
            last = List.copyOf(clients);
            last.forEach(this::leave);
        }
        last.forEach(StreamClient::end);
    }

    private void start() {
        Runnable noMoreChanges = outages.onChange((outage, begins) -> changed(outage));
        // While the broker is unavailable, computing takes longer than an interval.
        Cancellable timer = Ticks.every(interval, this::compute).subscribe().with(this::computed);
        stop = () -> {
            noMoreChanges.run();
            timer.cancel();
        };
    }

    private Uni<Event> compute() {
        return statistics.get().map(stats -> new Event("stats", toJson.apply(stats)))
                .onFailure().invoke(failure -> LOG.warnf("no statistics streamed: reason=\"%s\"", Failures.reason(failure)))
                .onFailure().recoverWithNull();
    }

    private void computed(Event stats) {
        latest = stats;
        clients.forEach(client -> client.stats(stats));
    }

    /** On a worker thread: the notifying thread holds locks and must not block. */
    private void changed(Outage outage) {
        Infrastructure.getDefaultExecutor().execute(() -> clients.forEach(client -> client.changed(outage)));
    }

    private Event event(OutageChange change) {
        return new Event("outage", toJson.apply(change));
    }
}
