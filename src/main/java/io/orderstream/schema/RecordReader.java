package io.orderstream.schema;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;

import org.apache.avro.Resolver;
import org.apache.avro.Resolver.Action;
import org.apache.avro.Resolver.ErrorAction;
import org.apache.avro.Resolver.RecordAdjust;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;

import io.orderstream.record.UndecodableException;

/**
 * Reads records of one writer schema. Thread safe.
 *
 * @param <T> the class of the records
 * @param unresolvable why there is no reader and every read fails; null if there is one
 */
record RecordReader<T>(int schemaId, DatumReader<T> reader, UndecodableException unresolvable) {

    /** Resolves writer and reader schema, once for all records. */
    static <T> RecordReader<T> resolve(int schemaId, Schema writer, Schema reader,
            BiFunction<Schema.Field, Schema, Optional<Schema>> adapter, SpecificData data) {
        try {
            return new RecordReader<>(schemaId, resolve(writer, reader, adapter, data), null);
        } catch (RuntimeException | IOException | StackOverflowError e) {
            return new RecordReader<>(schemaId, null, new UndecodableException(
                    "unresolvable schema: id %d, %s: %s".formatted(schemaId, RegistryClient.excerpt(writer.getFullName()),
                            RegistryClient.excerpt(e.getMessage())),
                    e));
        }
    }

    private static <T> DatumReader<T> resolve(Schema writer, Schema reader,
            BiFunction<Schema.Field, Schema, Optional<Schema>> adapter, SpecificData data) throws IOException {
        // Avro's resolver compares only the fields of records; the specification requires matching names as well.
        if (writer.getType() != Schema.Type.RECORD || !FittedSchema.sameName(reader, writer)) {
            throw new UndecodableException("it is no " + reader.getFullName());
        }
        Schema fitted = FittedSchema.fit(reader, writer, adapter);
        Action action = Resolver.resolve(Schema.applyAliases(writer, fitted), fitted, data);
        refuse(action);
        if (action instanceof RecordAdjust adjust) {
            for (Action fieldAction : adjust.fieldActions) {
                refuse(fieldAction);
            }
        }
        return new FastReaderBuilder(data).createDatumReader(writer, fitted);
    }

    private static void refuse(Action action) {
        if (action instanceof ErrorAction) {
            throw new UndecodableException(action.toString());
        }
    }

    /**
     * @param bytes a record in the wire format, of this schema
     * @throws UndecodableException if they cannot be read, or bytes are left after the record; nothing else is thrown
     */
    T read(byte[] bytes) {
        if (unresolvable != null) {
            throw new UndecodableException(unresolvable.getMessage(), unresolvable.getCause());
        }
        BoundedDecoder decoder = new BoundedDecoder(bytes, WireFormat.HEADER_BYTES);
        T value;
        try {
            value = reader.read(null, decoder);
        } catch (RuntimeException | IOException e) {
            throw new UndecodableException("schema id %d: %s".formatted(schemaId, RegistryClient.excerpt(e.getMessage())), e);
        } catch (StackOverflowError e) {
            // A recursive schema lets the data decide the depth.
            throw new UndecodableException("schema id %d: nested too deep".formatted(schemaId));
        }
        if (decoder.remaining() > 0) {
            throw new UndecodableException(
                    "schema id %d: %d bytes are left after the record".formatted(schemaId, decoder.remaining()));
        }
        return value;
    }
}
