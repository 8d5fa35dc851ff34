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
 * The schemas the registry has told us, by id.
 * <p>
 * An id never changes its meaning, so a schema is fetched once and kept. Callers that want the same id at the same time share
 * one request. A failure is not kept, except the refusal of an id: that is remembered for {@link #REFUSAL_KEPT}, so that a
 * topic full of unknown ids does not become a flood of requests, while an id registered late is still found.
 * <p>
 * Any thread may call; nothing blocks.
 */
public class Schemas {

    /** For how long an id is not asked for again after the registry refused it. */
    static final Duration REFUSAL_KEPT = Duration.ofSeconds(10);

    /** Most refused ids remembered: they come from the data, so their number has to be bounded. */
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

    public Schemas(RegistryClient client) {
        this(client::schemaById, System::nanoTime);
    }

    /** Test seam: injects where schemas come from, and the clock. */
    Schemas(IntFunction<Uni<Schema>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /**
     * @param id a schema id
     * @return its schema, or null if it is not in memory
     */
    public Schema get(int id) {
        return known.get(id);
    }

    /**
     * Fetches a schema, if it is not in memory.
     *
     * @param id a schema id
     * @return the schema; fails with {@link RegistryRejectedException} or {@link RegistryUnavailableException}
     */
    public Uni<Schema> load(int id) {
        return Uni.createFrom().deferred(() -> loadNow(id));
    }

    private Uni<Schema> loadNow(int id) {
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
