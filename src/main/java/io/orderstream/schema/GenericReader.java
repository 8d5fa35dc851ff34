package io.orderstream.schema;

import java.io.IOException;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.record.UndecodableException;

/**
 * Reads records of one writer schema into JSON, without a generated class. Lengths in the bytes are checked as in
 * {@link RecordReader}, and those of fixed types too, since the schema may come from anyone. Thread safe.
 */
final class GenericReader {

    /** Largest fixed type read, in bytes: Avro allocates the size given by the schema before it reads. */
    static final int LARGEST_FIXED = 1024 * 1024;

    private final int schemaId;
    private final DatumReader<Object> reader;

    private static final class BoundedData extends GenericData {

        @Override
        public Object createFixed(Object old, Schema schema) {
            if (schema.getFixedSize() > LARGEST_FIXED) {
                throw new UndecodableException("fixed of %d bytes".formatted(schema.getFixedSize()));
            }
            return super.createFixed(old, schema);
        }
    }

    /** @throws UndecodableException if Avro cannot build a reader for this schema */
    GenericReader(int schemaId, Schema schema) {
        this.schemaId = schemaId;
        try {
            // Do not instantiate the Java classes that a schema's properties may name for strings.
            this.reader = new FastReaderBuilder(new BoundedData()).withClassPropEnabled(false).withKeyClassEnabled(false)
                    .createDatumReader(schema);
        } catch (RuntimeException | IOException | StackOverflowError e) {
            throw new UndecodableException("schema id %d cannot be read with: %s".formatted(schemaId, e.getMessage()), e);
        }
    }

    /** @throws UndecodableException if the bytes, header included, do not fit the schema; nothing else is thrown */
    JsonNode read(byte[] bytes) {
        return AvroToJson.convert(RecordReader.read(schemaId, reader, bytes));
    }
}
