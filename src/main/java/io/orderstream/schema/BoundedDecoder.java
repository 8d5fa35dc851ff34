package io.orderstream.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

import io.orderstream.record.UndecodableException;

/**
 * Decodes Avro binary data from an array, checking every declared length against the remaining bytes before it
 * allocates or skips anything. Avro's own decoder allocates first, so five corrupt bytes can request 2 GB.
 * <p>
 * Create one per record; not thread safe.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro binary encoding</a>
 */
public final class BoundedDecoder extends Decoder {

    /**
     * Most items that take no bytes, such as null: otherwise a few bytes could declare billions and block the thread.
     */
    static final int ITEMS_WITHOUT_BYTES_MAX = 10_000;

    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE = MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int position;
    private long itemsLeft;

    /** @param offset index of the first byte of the data */
    public BoundedDecoder(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.position = offset;
        this.itemsLeft = bytes.length + (long) ITEMS_WITHOUT_BYTES_MAX;
    }

    /** Bytes not yet read. */
    public int remaining() {
        return bytes.length - position;
    }

    /** Advances by {@code length} bytes and returns the position before. */
    private int advance(long length) {
        if (length < 0) {
            throw new UndecodableException("negative length " + length + " at byte " + position);
        }
        if (length > remaining()) {
            throw new UndecodableException(
                    "%d bytes declared at byte %d, %d are left".formatted(length, position, remaining()));
        }
        int start = position;
        position += (int) length;
        return start;
    }

    @Override
    public void readNull() {
        // Takes no bytes.
    }

    @Override
    public boolean readBoolean() {
        return bytes[advance(1)] == 1;
    }

    @Override
    public int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new UndecodableException("int is out of range before byte " + position + ": " + value);
        }
        return (int) value;
    }

    @Override
    public long readLong() {
        long zigzag = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = bytes[advance(1)];
            zigzag |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return zigzag >>> 1 ^ -(zigzag & 1);
            }
        }
        throw new UndecodableException("number has more than 10 bytes before byte " + position);
    }

    @Override
    public float readFloat() {
        return (float) FLOAT.get(bytes, advance(Float.BYTES));
    }

    @Override
    public double readDouble() {
        return (double) DOUBLE.get(bytes, advance(Double.BYTES));
    }

    @Override
    public String readString() {
        long length = readLong();
        return new String(bytes, advance(length), (int) length, StandardCharsets.UTF_8);
    }

    @Override
    public Utf8 readString(Utf8 old) {
        Utf8 result = old == null ? new Utf8() : old;
        long length = readLong();
        int start = advance(length);
        result.setByteLength((int) length);
        System.arraycopy(bytes, start, result.getBytes(), 0, (int) length);
        return result;
    }

    @Override
    public void skipString() {
        advance(readLong());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) {
        long length = readLong();
        int start = advance(length);
        return ByteBuffer.allocate((int) length).put(bytes, start, (int) length).flip();
    }

    @Override
    public void skipBytes() {
        advance(readLong());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) {
        System.arraycopy(bytes, advance(length), target, start, length);
    }

    @Override
    public void skipFixed(int length) {
        advance(length);
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    /** Number of items in the next block, 0 at the end of the array or map. */
    private long readBlockCount() {
        long count = readLong();
        if (count < 0) {
            // A negative count is followed by the block's size in bytes, needed only to skip the whole block.
            count = -count;
            readLong();
        }
        if (count < 0 || count > itemsLeft) {
            throw new UndecodableException("impossible number of items before byte " + position + ": " + count);
        }
        itemsLeft -= count;
        return count;
    }

    @Override
    public long readArrayStart() {
        return readBlockCount();
    }

    @Override
    public long arrayNext() {
        return readBlockCount();
    }

    @Override
    public long skipArray() {
        // Items are skipped one by one, so that what is inside is checked as if it were read.
        return readBlockCount();
    }

    @Override
    public long readMapStart() {
        return readBlockCount();
    }

    @Override
    public long mapNext() {
        return readBlockCount();
    }

    @Override
    public long skipMap() {
        return readBlockCount();
    }
}
