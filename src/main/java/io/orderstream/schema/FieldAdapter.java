package io.orderstream.schema;

import java.util.Optional;

import org.apache.avro.Schema;

/**
 * Allows a field to be read from a type that Avro's schema resolution rejects. Called once for each field of a writer
 * schema, when its first record arrives; the result is cached.
 */
@FunctionalInterface
public interface FieldAdapter {

    /** Allows nothing beyond what the decoder does. */
    FieldAdapter NONE = (field, written) -> Optional.empty();

    /**
     * Returns the schema to read a field with.
     *
     * @param field the field of the generated class
     * @param written the schema of the writer's field of that name, or else of one of its aliases
     * @return a schema to be resolved against {@code written} in place of the field's own, such as
     *         {@link TextFromNumber#reading}; empty to use the field's own
     */
    Optional<Schema> adapt(Schema.Field field, Schema written);
}
