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
 * Reads records of one writer schema into a class. Writer and reader schema are resolved once, in the constructor; if
 * that fails, every read does. Thread safe.
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
        return read(schemaId, reader, bytes);
    }

    /**
     * Reads one record in the wire format.
     *
     * @param reader the reader for the schema with this id
     * @throws UndecodableException if the bytes cannot be read, or are longer than the record; nothing else is thrown
     */
    static <T> T read(int schemaId, DatumReader<T> reader, byte[] bytes) {
        BoundedDecoder decoder = new BoundedDecoder(bytes, WireFormat.HEADER_BYTES);
        T value;
        try {
            value = reader.read(null, decoder);
        } catch (RuntimeException | IOException e) {
            throw new UndecodableException("schema id %d: %s".formatted(schemaId, e.getMessage()), e);
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
