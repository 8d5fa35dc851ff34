package io.orderstream.schema;

import java.nio.ByteBuffer;

import io.orderstream.pipeline.UndecodableException;

/**
 * Confluent's framing of a record: byte 0 is a zero, four bytes of big-endian schema id follow, then the Avro binary encoding.
 * <p>
 * Pure functions; any thread may call them.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
 *      the wire format</a>
 */
public final class WireFormat {

    /** Bytes before the Avro data: the magic byte and the schema id. */
    public static final int HEADER_BYTES = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {
    }

    /**
     * Reads the id of the schema a record was written with.
     *
     * @param bytes the record's value, never null
     * @return the id, never negative
     * @throws UndecodableException if the bytes do not begin as the format wants
     */
    public static int schemaId(byte[] bytes) {
        if (bytes.length == 0) {
            throw new UndecodableException("empty value");
        }
        if (bytes[0] != MAGIC) {
            throw new UndecodableException("magic byte is 0x%02x, expected 0x00".formatted(bytes[0]));
        }
        if (bytes.length < HEADER_BYTES) {
            throw new UndecodableException(
                    "%d bytes are too short for a header of %d bytes".formatted(bytes.length, HEADER_BYTES));
        }
        int id = (bytes[1] & 0xff) << 24 | (bytes[2] & 0xff) << 16 | (bytes[3] & 0xff) << 8 | bytes[4] & 0xff;
        if (id < 0) {
            throw new UndecodableException("schema id is negative: " + id);
        }
        return id;
    }

    /**
     * The header of a record.
     *
     * @param schemaId the id the registry gave the schema, not negative
     * @return {@link #HEADER_BYTES} bytes
     */
    static byte[] header(int schemaId) {
        if (schemaId < 0) {
            throw new IllegalArgumentException("schema id must not be negative, got: " + schemaId);
        }
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
    }
}
