package io.orderstream.schema;

import java.io.IOException;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.record.UndecodableException;

/**
 * Reads records of one schema as what they were written, without a class for them. Like {@link RecordReader} it trusts no
 * length in the bytes; and, since the schema may be anybody's, none in the schema either. Any thread may call.
 */
final class GenericReader {

    /** A fixed is allocated before it is read, at the size its schema says. */
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

    /** @throws UndecodableException if nothing can be read with this schema */
    GenericReader(int schemaId, Schema schema) {
        this.schemaId = schemaId;
        try {
            // Properties of a schema may name Java classes for its texts: none of those is made here.
            this.reader = new FastReaderBuilder(new BoundedData()).withClassPropEnabled(false).withKeyClassEnabled(false)
                    .createDatumReader(schema);
        } catch (RuntimeException | IOException | StackOverflowError e) {
            throw new UndecodableException("schema id %d cannot be read with: %s".formatted(schemaId, e.getMessage()), e);
        }
    }

    /** @throws UndecodableException if the bytes cannot be read with this schema; nothing else is thrown */
    JsonNode read(byte[] bytes) {
        return AvroToJson.convert(RecordReader.read(schemaId, reader, bytes));
    }
}
