package io.orderstream.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.avro.file.DataFileConstants;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.utils.Utils;

import io.orderstream.record.UndecodableException;
import io.orderstream.schema.BoundedDecoder;

/**
 * Reads an Avro object container file block by block and detects incomplete blocks. Avro's own reader trusts each
 * size and would allocate that much memory. Not thread safe.
 */
final class SpoolBlocks implements AutoCloseable {

    /** Key of the file's id in the header's metadata. */
    static final String FILE_ID = "orderstream.spool.file";

    private static final int SYNC_BYTES = 16;
    /** Two numbers, of ten bytes each at the most: entries and bytes of the block. */
    private static final int LONGEST_HEAD = 20;
    /** Longer than any we have written, which is the schema and little else. */
    private static final int LONGEST_HEADER = 64 * 1024;
    /** Bytes that are read at once to look for a mark. */
    private static final int WINDOW = 8 * 1024;

    private final RandomAccessFile file;
    private final String id;
    private final long headerEnd;
    private final byte[] sync = new byte[SYNC_BYTES];

    /**
     * A complete block.
     *
     * @param start position of the block
     * @param end position after the block
     * @param entries entries of the block
     */
    record Block(long start, long end, List<SpoolEntry> entries) {
    }

    /** What a block says of itself: its number of entries, and where its data is. */
    private record Head(long count, long dataStart, long size) {

        long end() {
            return dataStart + size + SYNC_BYTES;
        }
    }

    /** @throws IOException if the file cannot be read or is not an Avro object container file of the spool */
    SpoolBlocks(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        try {
            byte[] head = new byte[(int) Math.min(file.length(), LONGEST_HEADER)];
            file.readFully(head);
            BoundedDecoder decoder = new BoundedDecoder(head, 0);
            id = id(decoder);
            decoder.readFixed(sync, 0, SYNC_BYTES);
            headerEnd = head.length - decoder.remaining();
        } catch (UndecodableException e) {
            file.close();
            throw new IOException("it has no header of an Avro file: " + e.getMessage(), e);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Avro's own reader would allocate what a damaged header asks for. */
    private static String id(BoundedDecoder decoder) throws IOException {
        byte[] magic = new byte[DataFileConstants.MAGIC.length];
        decoder.readFixed(magic, 0, magic.length);
        if (!Arrays.equals(magic, DataFileConstants.MAGIC)) {
            throw new IOException("it is no Avro file");
        }
        String found = null;
        for (long entries = decoder.readMapStart(); entries > 0; entries = decoder.mapNext()) {
            for (long i = 0; i < entries; i++) {
                String key = decoder.readString();
                byte[] value = Utils.toArray(decoder.readBytes(null));
                found = key.equals(FILE_ID) ? new String(value, StandardCharsets.UTF_8) : found;
            }
        }
        if (found == null) {
            throw new IOException("it has no id");
        }
        return found;
    }

    /** Id by which the journal identifies the file; unlike the file's name it is never reused. */
    String id() {
        return id;
    }

    /** Position of the first block. */
    long headerEnd() {
        return headerEnd;
    }

    /**
     * Finds the next complete block. What is in front of it is damaged: a block begins behind the mark that ends the
     * one before.
     *
     * @param start position from which on it is looked for
     * @param limit position at which reading must stop
     * @return null if there is none
     */
    Block find(long start, long limit) throws IOException {
        if (start >= limit) {
            return null;
        }
        Head head = head(start, limit);
        Block block = head == null ? null : read(start, head);
        if (head != null && block == null && head.end() < limit) {
            // Its mark alone may be damaged.
            block = read(head.end(), limit);
        }
        for (long next = afterMark(start, limit); block == null && next >= 0 && next < limit; next = afterMark(next, limit)) {
            block = read(next, limit);
        }
        return block;
    }

    /** Whether a block ends between two positions: then it was written as a whole, whatever has become of it. */
    boolean hasEnd(long start, long limit) throws IOException {
        return afterMark(start, limit) >= 0;
    }

    /** Position behind the next mark, -1 if there is none. */
    private long afterMark(long start, long limit) throws IOException {
        byte[] window = new byte[(int) Math.min(limit - start, WINDOW)];
        for (long at = start; at + SYNC_BYTES <= limit; at += window.length - SYNC_BYTES + 1) {
            int length = (int) Math.min(window.length, limit - at);
            file.seek(at);
            file.readFully(window, 0, length);
            for (int i = 0; i + SYNC_BYTES <= length; i++) {
                if (Arrays.equals(window, i, i + SYNC_BYTES, sync, 0, SYNC_BYTES)) {
                    return at + i + SYNC_BYTES;
                }
            }
        }
        return -1;
    }

    /**
     * Reads one block.
     *
     * @param start position of the block
     * @param limit position at which reading must stop
     * @return null if there is no complete block
     */
    Block read(long start, long limit) throws IOException {
        Head head = head(start, limit);
        return head == null ? null : read(start, head);
    }

    private Head head(long start, long limit) throws IOException {
        byte[] head = new byte[(int) Math.min(limit - start, LONGEST_HEAD)];
        file.seek(start);
        file.readFully(head);
        BoundedDecoder decoder = new BoundedDecoder(head, 0);
        long count;
        long size;
        try {
            count = decoder.readLong();
            size = decoder.readLong();
        } catch (UndecodableException e) {
            // They are no numbers, or not all there.
            return null;
        }
        long dataStart = start + head.length - decoder.remaining();
        if (count <= 0 || size < 0 || size > limit - dataStart - SYNC_BYTES) {
            return null;
        }
        return new Head(count, dataStart, size);
    }

    private Block read(long start, Head head) throws IOException {
        file.seek(head.dataStart());
        byte[] data = new byte[(int) head.size()];
        byte[] mark = new byte[SYNC_BYTES];
        file.readFully(data);
        file.readFully(mark);
        List<SpoolEntry> entries = Arrays.equals(mark, sync) ? decode(data, head.count()) : null;
        return entries == null ? null : new Block(start, file.getFilePointer(), entries);
    }

    /**
     * After a power failure a page in the middle may be missing: the block is whole only if its bytes are all of its entries.
     */
    private static List<SpoolEntry> decode(byte[] data, long count) {
        SpecificDatumReader<SpoolEntry> reader = new SpecificDatumReader<>(SpoolEntry.class);
        BoundedDecoder decoder = new BoundedDecoder(data, 0);
        List<SpoolEntry> entries = new ArrayList<>();
        try {
            for (long i = 0; i < count; i++) {
                entries.add(reader.read(null, decoder));
            }
            return decoder.remaining() == 0 ? entries : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
