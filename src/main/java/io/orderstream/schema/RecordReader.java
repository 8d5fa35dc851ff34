package io.orderstream.schema;

import java.io.IOException;

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
 * Reads the records of one writer schema: the two schemas are resolved once, in the constructor. Any thread may call.
 *
 * @param <T> the class of the records
 */
final class RecordReader<T> {

    private final int schemaId;
    private final DatumReader<T> reader;
    private final UndecodableException unresolvable;

    RecordReader(int schemaId, Schema writer, Schema reader, FieldAdapter adapter, SpecificData data) {
        this.schemaId = schemaId;
        DatumReader<T> resolved = null;
        UndecodableException failure = null;
        try {
            resolved = resolve(writer, reader, adapter, data);
        } catch (RuntimeException | IOException | StackOverflowError e) {
            failure = new UndecodableException(
                    "unresolvable schema: id %d, %s: %s".formatted(schemaId, writer.getFullName(), e.getMessage()), e);
        }
        this.reader = resolved;
        this.unresolvable = failure;
    }

    int schemaId() {
        return schemaId;
    }

    private static <T> DatumReader<T> resolve(Schema writer, Schema reader, FieldAdapter adapter, SpecificData data)
            throws IOException {
        // Avro's resolver compares records by their fields only; the specification wants the names to match as well.
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
     * @param bytes a framed record of this schema
     * @throws UndecodableException if they cannot be read, or do not end where the record ends; nothing else is thrown
     */
    T read(byte[] bytes) {
        if (unresolvable != null) {
            throw new UndecodableException(unresolvable.getMessage(), unresolvable.getCause());
        }
        return read(schemaId, reader, bytes);
    }

    /**
     * Reads one framed record to its last byte.
     *
     * @param reader reads what the schema of this id describes
     * @throws UndecodableException if they cannot be read, or do not end where the record ends; nothing else is thrown
     */
    static <T> T read(int schemaId, DatumReader<T> reader, byte[] bytes) {
        BoundedDecoder decoder = new BoundedDecoder(bytes, WireFormat.HEADER_BYTES);
        T value;
        try {
            value = reader.read(null, decoder);
        } catch (RuntimeException | IOException e) {
            throw new UndecodableException("schema id %d: %s".formatted(schemaId, e.getMessage()), e);
        } catch (StackOverflowError e) {
            // A writer's schema may contain itself, and then the bytes decide how deep it goes.
            throw new UndecodableException("schema id %d: nested too deep".formatted(schemaId));
        }
        if (decoder.remaining() > 0) {
            throw new UndecodableException(
                    "schema id %d: %d bytes are left after the record".formatted(schemaId, decoder.remaining()));
        }
        return value;
    }
}
