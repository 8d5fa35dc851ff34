package io.orderstream.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.orderstream.activity.Activity;
import io.orderstream.commit.PartitionState;
import io.orderstream.outage.Outage;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;

/**
 * The histories of all pipelines of this instance, which grow by a step each second, and the outages they had. While the event
 * loop of a pipeline does not answer, its step gets longer. Thread safe.
 */
@ApplicationScoped
public class Histories {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MOST_OUTAGES = 200;

    private final Outages outages;
    private final Map<String, Observed> observed;
    private final Deque<Past> past = new ArrayDeque<>();
    private final List<Runnable> stop = new ArrayList<>();
    private final List<Consumer<Look>> listeners = new CopyOnWriteArrayList<>();

    /**
     * An outage that is over.
     *
     * @param outage the outage
     * @param until when it ended
     */
    public record Past(Outage outage, Instant until) {
    }

    /**
     * What was seen of a pipeline, which is looked at once for all who want to know.
     *
     * @param pipeline its name
     * @param partitions where its partitions stand
     * @param activity what it does
     */
    public record Look(String pipeline, List<PartitionState> partitions, Activity activity) {
    }

    Histories(Pipelines pipelines, Outages outages) {
        this.outages = outages;
        this.observed = pipelines.running().stream().map(pipeline -> new Observed(pipeline, this::looked))
                .collect(Collectors.toUnmodifiableMap(Observed::pipeline, Function.identity()));
    }

    /** Starts after the channels. */
    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        stop.add(outages.onChange((outage, begins) -> {
            if (!begins) {
                ended(outage);
            }
        }));
        // One timer for all: each wakes up two threads.
        stop.add(Multi.createFrom().ticks().every(SECOND).onOverflow().drop().subscribe()
                .with(tick -> observed.values().forEach(Observed::look))::cancel);
    }

    /** Stops before the pipelines do. */
    void stop(@Observes @Priority(Lifecycle.Stop.MONITORING) ShutdownEvent event) {
        stop.forEach(Runnable::run);
    }

    /**
     * @param listener told of each look at a pipeline, one each second; called on any thread, one call at a time for a
     *        pipeline, and must not block
     */
    public void onLook(Consumer<Look> listener) {
        listeners.add(listener);
    }

    private void looked(Look look) {
        listeners.forEach(listener -> listener.accept(look));
    }

    private void ended(Outage outage) {
        synchronized (past) {
            past.addLast(new Past(outage, Instant.now()));
            if (past.size() > MOST_OUTAGES) {
                past.removeFirst();
            }
        }
    }

    /** The history of a pipeline that is switched on. */
    public History of(String pipeline) {
        return observed.get(pipeline).history();
    }

    /** The latest outages of a pipeline that are over. */
    public List<Past> outages(String pipeline) {
        synchronized (past) {
            return past.stream().filter(each -> each.outage().pipeline().equals(pipeline)).toList();
        }
    }
}
