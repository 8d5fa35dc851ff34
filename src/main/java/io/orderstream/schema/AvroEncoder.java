package io.orderstream.schema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Encodes records in Confluent's wire format. Thread safe.
 *
 * @param <T> the generated class of the records
 */
public class AvroEncoder<T extends SpecificRecord> {

    private static final int TYPICAL_BYTES = 128;

    private final byte[] header;
    private final SpecificDatumWriter<T> writer;

    /**
     * @param recordClass the generated class, whose schema is written
     * @param schemaId the id the registry gave that schema, see {@link SchemaRegistration}
     */
    public AvroEncoder(Class<T> recordClass, int schemaId) {
        SpecificData data = new SpecificData(recordClass.getClassLoader());
        this.header = WireFormat.header(schemaId);
        this.writer = new SpecificDatumWriter<>(data.getSchema(recordClass), data);
    }

    /**
     * @return the record in the wire format: header and Avro data
     * @throws RuntimeException from Avro, if the record does not fit its schema, e.g. a mandatory field is null
     */
    public byte[] encode(T datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
        out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writer.write(datum, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}
