package io.orderstream.event;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import io.orderstream.json.ValueSchema;
import io.orderstream.totals.CountKey;

/** The schemas of the payloads, by type and major version. Immutable. */
public final class EventTypes {

    /** Dimension under which events are counted by type. */
    public static final String DIMENSION = "type";

    /** Stands for the type of what is no event, or of none that is known. */
    public static final String UNKNOWN = "unknown";

    private final Map<String, NavigableMap<Integer, ValueSchema>> byType = new TreeMap<>();

    /** A schema that was found. */
    record Found(String type, int major, ValueSchema schema) {
    }

    EventTypes(Iterable<Found> schemas) {
        for (Found found : schemas) {
            byType.computeIfAbsent(found.type(), type -> new TreeMap<>()).put(found.major(), found.schema());
        }
    }

    /** The types that have a schema. */
    public Set<String> names() {
        return Set.copyOf(byType.keySet());
    }

    /** The schemas of a type by major version, null if there is none. */
    NavigableMap<Integer, ValueSchema> versions(String type) {
        return byType.get(type);
    }

    /** The name under which events of a type are counted; null stands for one that is not known. */
    static CountKey name(String type) {
        return new CountKey(DIMENSION, type == null ? UNKNOWN : type);
    }
}
