package io.orderstream.dev;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/**
 * Confluent's compatibility levels: whether a new schema must be able to read data of earlier versions of its subject
 * (backward), be readable by them (forward), or both (full); of the latest version only, or of all (transitive).
 */
enum CompatibilityLevel {

    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean backward;
    private final boolean forward;
    private final boolean transitive;

    CompatibilityLevel(boolean backward, boolean forward, boolean transitive) {
        this.backward = backward;
        this.forward = forward;
        this.transitive = transitive;
    }

    static CompatibilityLevel of(String name) {
        return Arrays.stream(values()).filter(level -> level.name().equals(name)).findFirst()
                .orElseThrow(() -> new RegistryError(42203, "Invalid compatibility level. Valid values are "
                        + Arrays.toString(values()) + ", got: " + name));
    }

    /**
     * @param versions the schemas of the subject, oldest first
     * @return the incompatibilities of the added schema, empty if there are none
     */
    List<String> problems(Schema added, List<Schema> versions) {
        List<Schema> compared = transitive || versions.isEmpty() ? versions
                : versions.subList(versions.size() - 1, versions.size());
        List<String> problems = new ArrayList<>();
        for (Schema version : compared) {
            if (backward) {
                problems.addAll(problems(added, version, "the new schema cannot read the old"));
            }
            if (forward) {
                problems.addAll(problems(version, added, "the old schema cannot read the new"));
            }
        }
        return problems;
    }

    private static List<String> problems(Schema reader, Schema writer, String what) {
        SchemaPairCompatibility pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (pair.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return pair.getResult().getIncompatibilities().stream()
                .map(i -> "%s: %s at %s: %s".formatted(what, i.getType(), i.getLocation(), i.getMessage())).toList();
    }
}
