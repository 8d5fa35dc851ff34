package io.orderstream.schema;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.smallrye.mutiny.Uni;

/**
 * Where schemas are registered, by id, as far as the registry has told. Callers that want the same id at the same time share
 * a request; an answer is kept, a failure is not. To be asked for ids the registry knows, so that no others are held.
 * <p>
 * Any thread may call; nothing blocks.
 */
final class SchemaVersions {

    private final IntFunction<Uni<List<SchemaVersion>>> source;
    private final Map<Integer, Uni<List<SchemaVersion>>> known = new ConcurrentHashMap<>();

    SchemaVersions(IntFunction<Uni<List<SchemaVersion>>> source) {
        this.source = source;
    }

    /**
     * The version to name for a schema that may be registered under many subjects.
     *
     * @param topics those whose subjects are preferred, in that order
     * @return null if it is registered nowhere; fails as {@link RegistryClient} does
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
