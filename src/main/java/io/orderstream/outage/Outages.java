package io.orderstream.outage;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import jakarta.enterprise.context.ApplicationScoped;

/** The outages of all pipelines. Thread safe. */
@ApplicationScoped
public class Outages {

    private final Map<String, PipelineOutages> pipelines = new ConcurrentSkipListMap<>();
    private final List<BiConsumer<Outage, Boolean>> listeners = new CopyOnWriteArrayList<>();

    /** The outages of one pipeline, which from now on is known. */
    public PipelineOutages of(String pipeline) {
        return pipelines.computeIfAbsent(pipeline,
                name -> new PipelineOutages(name, Clock.systemUTC(), System::nanoTime, this::changed));
    }

    /** All pipelines known, in the order of their names. */
    public List<PipelineOutages> pipelines() {
        return List.copyOf(pipelines.values());
    }

    /** The outages there are now. */
    public List<Outage> now() {
        return pipelines.values().stream().flatMap(pipeline -> pipeline.now().stream()).toList();
    }

    /**
     * Tells of each outage that begins or ends from now on.
     *
     * @param listener gets the outage, and true if it begins; called on any thread, must not block
     * @return ends it
     */
    public Runnable onChange(BiConsumer<Outage, Boolean> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void changed(Outage outage, boolean begins) {
        listeners.forEach(listener -> listener.accept(outage, begins));
    }
}
