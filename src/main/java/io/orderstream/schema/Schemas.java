package io.orderstream.schema;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

import org.apache.avro.Schema;

import io.smallrye.mutiny.Uni;

/**
 * Cache of the registry's schemas, by id.
 * <p>
 * The meaning of an id never changes, so a schema is fetched once and cached. Concurrent requests for an id share one
 * request. Failures are not cached, except a rejected id for {@link #REFUSAL_KEPT}: a topic full of unknown ids does
 * not flood the registry, and an id registered later is still found.
 * <p>
 * Thread safe, never blocks.
 */
public class Schemas {

    /** How long a rejected id is not requested again. */
    static final Duration REFUSAL_KEPT = Duration.ofSeconds(10);

    /** Most rejected ids remembered. They come from the data, so their number must be bounded. */
    static final int REFUSALS_MAX = 10_000;

    private final IntFunction<Uni<Schema>> source;
    private final LongSupplier nanoTime;
    private final Map<Integer, Schema> known = new ConcurrentHashMap<>();

    private final Object lock = new Object();
    private final Map<Integer, Uni<Schema>> inFlight = new HashMap<>();
    private final Map<Integer, Refusal> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Refusal> eldest) {
            return size() > REFUSALS_MAX;
        }
    };

    private record Refusal(Throwable reason, long atNanos) {
    }

    Schemas(IntFunction<Uni<Schema>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** Returns a schema from the cache, null if it is not there. */
    public Schema get(int id) {
        return known.get(id);
    }

    /** Returns a schema, from the registry if it is not cached; fails as {@link RegistryClient} does. */
    public Uni<Schema> load(int id) {
        return Uni.createFrom().deferred(() -> {
            synchronized (lock) {
                Schema schema = known.get(id);
                if (schema != null) {
                    return Uni.createFrom().item(schema);
                }
                Refusal refusal = refused.get(id);
                if (refusal != null && nanoTime.getAsLong() - refusal.atNanos() < REFUSAL_KEPT.toNanos()) {
                    return Uni.createFrom().failure(refusal.reason());
                }
                return inFlight.computeIfAbsent(id, this::fetch);
            }
        });
    }

    private Uni<Schema> fetch(int id) {
        return source.apply(id)
                .onItemOrFailure().invoke((schema, failure) -> finished(id, schema, failure))
                .memoize().indefinitely();
    }

    private void finished(int id, Schema schema, Throwable failure) {
        synchronized (lock) {
            inFlight.remove(id);
            refused.remove(id);
            if (schema != null) {
                known.put(id, schema);
            } else if (failure instanceof RegistryRejectedException) {
                refused.put(id, new Refusal(failure, nanoTime.getAsLong()));
            }
        }
    }
}
