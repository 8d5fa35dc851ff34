package io.orderstream.schema;

import java.util.ArrayList;
import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A schema as the registry has it.
 *
 * @param text Avro's JSON, which may use the names of the schemas it refers to
 * @param references the schemas it refers to directly
 */
record RegisteredSchema(String text, List<Reference> references) {

    private static final String AVRO = "AVRO";

    /**
     * A reference to a version of a subject.
     *
     * @param name the name it is used by; for Avro the full name of a type
     */
    record Reference(String name, String subject, int version) {
    }

    /**
     * Reads an answer of the registry.
     *
     * @param name what was asked for, for messages
     * @throws RegistryUnavailableException if the answer has no schema
     * @throws RegistryRejectedException if it is no Avro schema
     */
    static RegisteredSchema of(String name, JsonObject answer) {
        Object type = answer.getValue("schemaType");
        if (type != null && !AVRO.equals(type)) {
            throw unusable("%s is of type %s, not %s".formatted(name, RegistryClient.excerpt(type.toString()), AVRO));
        }
        if (!(answer.getValue("schema") instanceof String text)) {
            throw new RegistryUnavailableException("the registry's answer for " + name + " has no schema");
        }
        return new RegisteredSchema(text, references(name, answer.getValue("references")));
    }

    /** A schema that the registry has, and that cannot be used here. */
    static RegistryRejectedException unusable(String message) {
        return new RegistryRejectedException(200, 200, message);
    }

    private static List<Reference> references(String name, Object value) {
        if (value == null) {
            return List.of();
        }
        List<Reference> references = new ArrayList<>();
        for (Object each : value instanceof JsonArray array ? array : JsonArray.of(value)) {
            if (!(each instanceof JsonObject json && json.getValue("subject") instanceof String subject
                    && json.getValue("version") instanceof Integer version)) {
                throw unusable("%s has a reference without subject and version: %s".formatted(name,
                        RegistryClient.excerpt(String.valueOf(each))));
            }
            String type = json.getValue("name") instanceof String text ? text : subject + " " + version;
            references.add(new Reference(type, subject, version));
        }
        return references;
    }
}
