package io.orderstream.schema;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.smallrye.mutiny.Uni;

/**
 * Caches the subjects and versions under which schema ids are registered. Concurrent requests for an id share one
 * request; only non-empty results are cached. To bound the cache, ask only for ids the registry knows.
 * <p>
 * Thread safe, never blocks.
 */
final class SchemaVersions {

    private final IntFunction<Uni<List<SchemaVersion>>> source;
    private final Map<Integer, Uni<List<SchemaVersion>>> known = new ConcurrentHashMap<>();

    SchemaVersions(IntFunction<Uni<List<SchemaVersion>>> source) {
        this.source = source;
    }

    /**
     * Chooses one version of a schema, which may be registered under many subjects.
     *
     * @param topics topics whose value subjects are preferred, in this order
     * @return null if the schema is registered nowhere; fails as {@link RegistryClient} does
     */
    Uni<SchemaVersion> of(int id, List<String> topics) {
        return known.computeIfAbsent(id, this::fetch).map(versions -> choose(versions, topics));
    }

    private Uni<List<SchemaVersion>> fetch(int id) {
        return source.apply(id).onItemOrFailure().invoke((versions, failure) -> {
            if (failure != null || versions.isEmpty()) {
                known.remove(id);
            }
        }).memoize().indefinitely();
    }

    private static SchemaVersion choose(List<SchemaVersion> versions, List<String> topics) {
        return topics.stream().map(SchemaRegistration::valueSubject)
                .flatMap(subject -> versions.stream().filter(version -> version.subject().equals(subject)))
                .findFirst().orElse(versions.isEmpty() ? null : versions.get(0));
    }
}
