package io.orderstream.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads an Avro object container file block by block and detects incomplete blocks. Avro's own reader trusts a
 * block's size and would allocate that much memory. Not thread safe.
 */
final class SpoolBlocks implements AutoCloseable {

    /** Key of the file's id in the header's metadata. */
    static final String FILE_ID = "orderstream.spool.file";

    private static final int SYNC_BYTES = 16;
    /** Two numbers, of ten bytes each at the most: entries and bytes of the block. */
    private static final int LONGEST_HEAD = 20;

    private final RandomAccessFile file;
    private final String id;
    private final long headerEnd;
    private final byte[] sync = new byte[SYNC_BYTES];

    /**
     * A complete block.
     *
     * @param end position after the block
     * @param entries entries of the block
     */
    record Block(long end, List<SpoolEntry> entries) {
    }

    /** @throws IOException if the file cannot be read or is not an Avro object container file of the spool */
    SpoolBlocks(Path path) throws IOException {
        try (DataFileReader<SpoolEntry> header = new DataFileReader<>(path.toFile(),
                new SpecificDatumReader<>(SpoolEntry.class))) {
            id = header.getMetaString(FILE_ID);
            headerEnd = header.previousSync();
        } catch (AvroRuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (id == null) {
            throw new IOException("it has no id");
        }
        file = new RandomAccessFile(path.toFile(), "r");
        file.seek(headerEnd - SYNC_BYTES);
        file.readFully(sync);
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
     * Reads one block.
     *
     * @param start position of the block
     * @param limit position at which reading must stop
     * @return null if there is no complete block
     */
    Block read(long start, long limit) throws IOException {
        byte[] head = new byte[(int) Math.min(limit - start, LONGEST_HEAD)];
        file.seek(start);
        file.readFully(head);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(head, null);
        long count;
        long size;
        try {
            count = decoder.readLong();
            size = decoder.readLong();
        } catch (IOException e) {
            // The bytes are in memory: they are no numbers, or not all there.
            return null;
        }
        long dataStart = start + head.length - decoder.inputStream().available();
        if (count <= 0 || size < 0 || size > limit - dataStart - SYNC_BYTES) {
            return null;
        }
        file.seek(dataStart);
        byte[] data = new byte[(int) size];
        byte[] mark = new byte[SYNC_BYTES];
        file.readFully(data);
        file.readFully(mark);
        List<SpoolEntry> entries = Arrays.equals(mark, sync) ? decode(data, count) : null;
        return entries == null ? null : new Block(file.getFilePointer(), entries);
    }

    /**
     * After a power failure a page in the middle may be missing: the block is whole only if its bytes are all of its entries.
     */
    private static List<SpoolEntry> decode(byte[] data, long count) {
        SpecificDatumReader<SpoolEntry> reader = new SpecificDatumReader<>(SpoolEntry.class);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(data, null);
        List<SpoolEntry> entries = new ArrayList<>();
        try {
            for (long i = 0; i < count; i++) {
                entries.add(reader.read(null, decoder));
            }
            return decoder.isEnd() ? entries : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
