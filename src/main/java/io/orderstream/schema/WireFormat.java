package io.orderstream.schema;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.orderstream.record.UndecodableException;

/**
 * Confluent's wire format: a zero byte, the schema id in four bytes (big-endian), then the Avro binary encoding.
 * <p>
 * Stateless and thread safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
 *      the wire format</a>
 */
public final class WireFormat {

    /** Bytes before the Avro data: the magic byte and the schema id. */
    public static final int HEADER_BYTES = 5;

    private static final byte MAGIC = 0;
    /** Magic bytes of an <a href="https://avro.apache.org/docs/1.12.0/specification/">Avro container file</a>. */
    private static final byte[] CONTAINER = { 'O', 'b', 'j', 1 };

    private WireFormat() {
    }

    /**
     * Reads the id of the schema a record was written with.
     *
     * @return the id, never negative
     * @throws UndecodableException if the bytes do not begin with a valid header
     */
    public static int schemaId(byte[] bytes) {
        if (bytes.length == 0) {
            throw new UndecodableException("empty value");
        }
        if (bytes[0] != MAGIC) {
            throw new UndecodableException(otherFraming(bytes));
        }
        if (bytes.length < HEADER_BYTES) {
            throw new UndecodableException(
                    "%d bytes are too short for a header of %d bytes".formatted(bytes.length, HEADER_BYTES));
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        if (id < 0) {
            throw new UndecodableException("schema id is negative: " + id);
        }
        return id;
    }

    /** Describes what the value may be instead. A guess: bare Avro may begin with any byte. */
    private static String otherFraming(byte[] bytes) {
        return bytes.length >= CONTAINER.length && Arrays.equals(bytes, 0, CONTAINER.length, CONTAINER, 0, CONTAINER.length)
                ? "Avro container file, expected Confluent's framing"
                : "magic byte is 0x%02x, expected 0x00: not Confluent's framing, perhaps bare Avro".formatted(bytes[0]);
    }

    /** Returns the {@link #HEADER_BYTES} bytes before a record's Avro data. */
    static byte[] header(int schemaId) {
        if (schemaId < 0) {
            throw new IllegalArgumentException("schema id must not be negative, got: " + schemaId);
        }
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
    }
}
