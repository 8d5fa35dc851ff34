package io.orderstream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jboss.logging.Logger;

import io.orderstream.kafka.TopicEnds;

/**
 * One file of the spool, an Avro object container with a journal. Entries are appended at its end and sent from its
 * beginning. Not thread safe.
 */
final class SpoolFile {

    static final String SUFFIX = ".avro";
    private static final Logger LOG = Logger.getLogger(SpoolFile.class);
    private static final String JOURNAL_SUFFIX = ".journal";
    private static final String DAMAGED_SUFFIX = ".damaged";

    private final Path path;
    private final Path journal;
    private final String id;
    private final long headerEnd;
    /** Position after the last block known to be on disk. */
    private long end;
    private long waiting;
    /** What cannot be read between blocks, from where to where: the disk has lost it after it was confirmed. */
    private final NavigableMap<Long, Long> gaps = new TreeMap<>();
    private final boolean isEndDamaged;
    private SpoolProgress progress;
    private DataFileWriter<SpoolEntry> writer;

    /**
     * Entries that are sent together.
     *
     * @param end position in the file after the last entry
     * @param entries entries in the order they were spooled
     * @param ends where their dead-letter topics ended before the first attempt; null if there was none
     */
    record Batch(SpoolFile file, long end, List<SpoolEntry> entries, TopicEnds ends) {
    }

    private SpoolFile(Path path) throws IOException {
        this.path = path;
        String name = path.getFileName().toString();
        this.journal = path.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + JOURNAL_SUFFIX);
        try (SpoolBlocks blocks = new SpoolBlocks(path)) {
            this.id = blocks.id();
            this.headerEnd = blocks.headerEnd();
            this.progress = SpoolProgress.read(journal, id).orElseGet(() -> SpoolProgress.sentTo(blocks.headerEnd()));
            this.end = headerEnd;
            long size = Files.size(path);
            for (SpoolBlocks.Block block = blocks.find(end, size); block != null; block = blocks.find(end, size)) {
                if (block.start() > end) {
                    gaps.put(end, block.start());
                }
                end = block.end();
                waiting += end > progress.sent() ? block.entries().size() : 0;
            }
            this.isEndDamaged = blocks.hasEnd(end, size);
        }
        if (progress.begun() > end) {
            throw new IOException(path + " is damaged: " + journal.getFileName() + " knows of " + progress.begun()
                    + " bytes, but only " + end + " can be read");
        }
    }

    /** Creates an empty file, which gets its final name only after its header is on disk. */
    static SpoolFile create(Path path) throws IOException {
        Path unnamed = Durable.temporary(path);
        try (DataFileWriter<SpoolEntry> header = new DataFileWriter<>(new SpecificDatumWriter<>(SpoolEntry.class))) {
            header.setMeta(SpoolBlocks.FILE_ID, UUID.randomUUID().toString()).create(SpoolEntry.getClassSchema(),
                    unnamed.toFile());
        }
        Durable.rename(unnamed, path);
        return new SpoolFile(path);
    }

    /**
     * Opens an existing file and truncates an incomplete block at its end, left by a process that was killed. If
     * blocks are damaged that were complete once, the others are kept, and the file is copied as it was.
     */
    static SpoolFile open(Path path) throws IOException {
        SpoolFile file = new SpoolFile(path);
        if (!file.gaps.isEmpty() || file.isEndDamaged) {
            Path copy = path.resolveSibling(
                    path.getFileName() + "." + Integer.toHexString(file.id.hashCode()) + DAMAGED_SUFFIX);
            if (!Files.exists(copy)) {
                Files.copy(path, copy);
            }
            LOG.errorf("spool file is damaged, entries that were confirmed may be lost: file=%s copy=%s", path, copy);
        }
        file.cutWhatIsTorn();
        return file;
    }

    private void cutWhatIsTorn() throws IOException {
        long torn = Files.size(path) - end;
        if (torn > 0) {
            LOG.warnf("torn end of a spool file is cut off, it was never confirmed: file=%s bytes=%d", path, torn);
            Durable.truncate(path, end);
        }
    }

    /** Size of its entries in bytes, sent ones included. */
    long bytes() {
        return end - headerEnd;
    }

    /** Number of entries not sent yet. */
    long waiting() {
        return waiting;
    }

    /**
     * Appends entries and blocks until they are on disk. If it fails, none of them counts as appended.
     *
     * @param entries entries in Avro's binary encoding
     */
    void append(List<byte[]> entries) throws IOException {
        try {
            if (writer == null) {
                cutWhatIsTorn();
                writer = new DataFileWriter<>(new SpecificDatumWriter<>(SpoolEntry.class)).appendTo(path.toFile());
            }
            for (byte[] entry : entries) {
                writer.appendEncoded(ByteBuffer.wrap(entry));
            }
            writer.fSync();
            end = Files.size(path);
            waiting += entries.size();
        } catch (IOException | RuntimeException e) {
            // The next append truncates what this one has written in part.
            close();
            throw e;
        }
    }

    /**
     * Returns the next batch, of whole blocks; a batch that was begun before is returned again.
     *
     * @param mostEntries number of entries after which no further block is added
     * @return null if all entries are sent
     */
    Batch next(int mostEntries) throws IOException {
        if (progress.sent() == end) {
            return null;
        }
        List<SpoolEntry> entries = new ArrayList<>();
        long position = behindGap(progress.sent());
        long limit = progress.isUnknown() ? progress.begun() : end;
        try (SpoolBlocks blocks = new SpoolBlocks(path)) {
            while (position < limit && (progress.isUnknown() || entries.size() < mostEntries)) {
                SpoolBlocks.Block block = blocks.read(position, limit);
                if (block == null) {
                    throw new IOException(path + " is damaged: there is no block at " + position);
                }
                entries.addAll(block.entries());
                position = behindGap(block.end());
            }
        }
        return new Batch(this, position, entries, progress.isUnknown() ? progress.ends() : null);
    }

    /** The journal may be older than the damage, and name the end of a block that cannot be read any more. */
    private long behindGap(long position) {
        Map.Entry<Long, Long> gap = gaps.floorEntry(position);
        return gap == null ? position : Math.max(position, gap.getValue());
    }

    /** Records in the journal that the batch may be in its topics from now on, and where these ended before. */
    void begin(Batch batch, TopicEnds ends) throws IOException {
        note(new SpoolProgress(progress.sent(), batch.end(), ends));
    }

    /** Records in the journal that the batch is sent. */
    void sent(Batch batch) throws IOException {
        note(SpoolProgress.sentTo(batch.end()));
        waiting -= batch.entries().size();
    }

    private void note(SpoolProgress next) throws IOException {
        next.write(journal, id);
        progress = next;
    }

    boolean isDone() {
        return progress.sent() == end;
    }

    /** Deletes the file before its journal: without a journal, the entries would be sent again. */
    void delete() throws IOException {
        close();
        Durable.delete(path);
        Durable.delete(journal);
    }

    void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                LOG.debugf(e, "spool file not closed: file=%s", path);
            }
            writer = null;
        }
    }
}
