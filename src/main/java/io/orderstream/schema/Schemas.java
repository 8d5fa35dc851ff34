package io.orderstream.schema;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

import org.apache.avro.Schema;

import io.orderstream.record.RecordNotReadyException;
import io.orderstream.schema.RegistryContent.Finding;
import io.orderstream.schema.UnknownSchemas.Unknown;
import io.smallrye.mutiny.Uni;

/**
 * Cache of the registry's schemas, by id.
 * <p>
 * The meaning of an id never changes, so a schema is fetched once and cached, as long as there is room ({@link SchemaCache}).
 * Concurrent requests for an id share one request. Failures are not cached, except a rejected id for a moment: a topic full of
 * unusable ids does not flood the
 * registry.
 * <p>
 * Thread safe, never blocks.
 */
public class Schemas {

    /** How long a schema that cannot be used is not requested again, nor one that is only to be shown. */
    static final Duration REFUSAL_KEPT = Duration.ofSeconds(10);

    /** Most rejected ids remembered. They come from the data, so their number must be bounded. */
    static final int REFUSALS_MAX = 10_000;

    /** How long records may share the answer that an id is unknown. */
    static final Duration UNKNOWN_KEPT = Duration.ofMillis(200);

    /**
     * Most ids requested for records at the same time, each with an answer of up to {@link RegistryClient#LARGEST_ANSWER} in
     * memory.
     */
    static final int REQUESTS_MAX = 32;

    private final IntFunction<Uni<Schema>> source;
    private final RegistryContent content;
    private final LongSupplier nanoTime;
    private final SchemaCache known = new SchemaCache();

    private final Object lock = new Object();
    private final Map<Integer, Fetch> inFlight = new HashMap<>();
    private final UnknownSchemas unknown;
    /** The failure of the last request if the registry was unavailable, else null. */
    private RegistryUnavailableException outage;
    private final Map<Integer, Refusal> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Refusal> eldest) {
            return size() > REFUSALS_MAX;
        }
    };

    private record Refusal(RegistryRejectedException reason, long atNanos) {
    }

    private record Fetch(Uni<Schema> schema, long atNanos) {
    }

    /**
     * @param source fetches a schema from the registry; fails as {@link RegistryClient} does
     * @param content of the same registry
     * @param unknownAfter how long an id must have been unknown to the registry to be wrong
     */
    Schemas(IntFunction<Uni<Schema>> source, RegistryContent content, Duration unknownAfter, LongSupplier nanoTime) {
        this.source = source;
        this.content = content;
        this.nanoTime = nanoTime;
        this.unknown = new UnknownSchemas(unknownAfter);
    }

    /** Returns a schema from the cache, null if it is not there. */
    public Schema get(int id) {
        return schemaOf(known.get(id));
    }

    /** Returns a schema from the cache with its readers, null if it is not there. */
    SchemaCache.Entry cached(int id) {
        return known.get(id);
    }

    private static Schema schemaOf(SchemaCache.Entry entry) {
        return entry == null ? null : entry.schema();
    }

    /**
     * Returns a schema to be shown, from the registry if it is not cached; fails as {@link RegistryClient} does. What is
     * looked at has no effect on how long records wait.
     */
    public Uni<Schema> find(int id) {
        return Uni.createFrom().deferred(() -> {
            synchronized (lock) {
                Schema schema = get(id);
                Refusal refusal = refused.get(id);
                if (schema == null && refusal != null && isRecent(refusal.atNanos(), REFUSAL_KEPT)) {
                    return Uni.createFrom().failure(refusal.reason());
                }
                return schema != null ? Uni.createFrom().item(schema) : fetch(id).schema();
            }
        });
    }

    /**
     * Returns the schema of a record that is there when this is called, from the registry if it is not cached. To be subscribed
     * to again until it fails for good, with a growing delay.
     *
     * @return fails with {@link RegistryRejectedException} if the record can never be read; with {@link
     *         RecordNotReadyException} if the registry does not know the id yet; with {@link
     *         RegistryUnavailableException} if it is not available or has lost schemas
     */
    public Uni<Schema> load(int id) {
        long since = nanoTime.getAsLong();
        return Uni.createFrom().deferred(() -> {
            synchronized (lock) {
                Schema schema = get(id);
                if (schema != null) {
                    return Uni.createFrom().item(schema);
                }
                RuntimeException failure = remembered(id, since);
                if (failure != null) {
                    return Uni.createFrom().failure(failure);
                }
                Fetch fetch = fetch(id);
                return fetch.schema().onFailure(Schemas::isUnknown).recoverWithUni(refusal -> content.find()
                        .map(finding -> judge(id, (RegistryRejectedException) refusal, finding, fetch.atNanos(), since)));
            }
        });
    }

    /** What follows for a record without asking the registry, null if it has to be asked. */
    private RuntimeException remembered(int id, long since) {
        Unknown before = unknown.get(id);
        if (before != null && (isRecent(before.askedNanos(), UNKNOWN_KEPT)
                || before.verdict() instanceof RegistryRejectedException && before.askedNanos() - since >= 0)) {
            return verdict(id, before.verdict(), before.askedNanos(), since);
        }
        Refusal refusal = refused.get(id);
        if (refusal != null && !refusal.reason().isUnknown() && isRecent(refusal.atNanos(), REFUSAL_KEPT)) {
            return refusal.reason();
        }
        if (inFlight.size() < REQUESTS_MAX || inFlight.containsKey(id)) {
            return null;
        }
        return outage != null ? outage : new RecordNotReadyException("other schemas are requested first");
    }

    private Schema judge(int id, RegistryRejectedException refusal, Finding finding, long askedNanos, long since) {
        synchronized (lock) {
            Unknown before = unknown.get(id);
            RuntimeException verdict = before != null && before.askedNanos() - askedNanos >= 0 ? before.verdict()
                    : unknown.refused(id, refusal, finding, askedNanos, nanoTime.getAsLong());
            throw verdict(id, verdict, askedNanos, since);
        }
    }

    /** A record that was written after the registry was asked may have a schema that was registered after it. */
    private static RuntimeException verdict(int id, RuntimeException verdict, long askedNanos, long since) {
        return verdict instanceof RegistryRejectedException && askedNanos - since < 0
                ? new RecordNotReadyException("the schema registry is asked again for schema id " + id)
                : verdict;
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof RegistryRejectedException rejection && rejection.isUnknown();
    }

    private boolean isRecent(long nanos, Duration kept) {
        return nanoTime.getAsLong() - nanos < kept.toNanos();
    }

    private Fetch fetch(int id) {
        return inFlight.computeIfAbsent(id, key -> new Fetch(source.apply(key)
                .onItemOrFailure().invoke((schema, failure) -> finished(key, schema, failure))
                .memoize().indefinitely(), nanoTime.getAsLong()));
    }

    private void finished(int id, Schema schema, Throwable failure) {
        if (schema != null) {
            known.put(id, schema);
        }
        synchronized (lock) {
            inFlight.remove(id);
            refused.remove(id);
            outage = failure instanceof RegistryUnavailableException unavailable ? unavailable : null;
            if (schema != null) {
                content.answered(id);
            }
            if (failure instanceof RegistryRejectedException rejection) {
                refused.put(id, new Refusal(rejection, nanoTime.getAsLong()));
            }
            if (!isUnknown(failure)) {
                unknown.forget(id);
            }
        }
    }
}
