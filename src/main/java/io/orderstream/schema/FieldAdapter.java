package io.orderstream.schema;

import java.util.Optional;

import org.apache.avro.Schema;

/**
 * Has a field read from what Avro's schema resolution would refuse. It is asked for each field when the first record of a
 * writer schema comes, and its answer is kept with that schema: records cost nothing for it.
 */
@FunctionalInterface
public interface FieldAdapter {

    /** Leaves everything to the decoder. */
    FieldAdapter NONE = (field, written) -> Optional.empty();

    /**
     * What to read a field as.
     *
     * @param field of the generated class
     * @param written what the writer has under its name, or else under one of its aliases
     * @return a schema that is resolved against the written one instead of the field's own, such as
     *         {@link TextFromNumber#reading}; empty for the field's own
     */
    Optional<Schema> adapt(Schema.Field field, Schema written);
}
