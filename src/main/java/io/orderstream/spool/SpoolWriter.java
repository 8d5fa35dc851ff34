package io.orderstream.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jboss.logging.Logger;

import io.orderstream.support.DaemonThreads;
import io.orderstream.support.LogText;

/**
 * Appends entries to the spool on its own daemon thread; waiting entries are written together with one fsync. While
 * the spool is full or the disk cannot be written, entries wait in memory: callers must check {@link #isFull()}.
 */
final class SpoolWriter {

    private static final Logger LOG = Logger.getLogger(SpoolWriter.class);
    private static final int MOST_BYTES_OF_A_GROUP = 1024 * 1024;
    /** Overhead of a block: number of entries, size and sync marker. */
    private static final int BLOCK_BYTES = 40;
    private static final long TRY_AGAIN_MILLIS = 1000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final SpoolStore store;
    private final long maxBytes;
    private final Runnable written;
    /** Guards itself and {@link #closing}; who waits for a change of either, or for room, waits here. */
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final Thread thread = DaemonThreads.named("spool-writer", this::run);
    private boolean closing;
    private volatile String blocked;

    private record Waiting(SpoolEntry entry, byte[] bytes, CompletableFuture<Void> durable) {
    }

    /**
     * @param maxBytes most bytes of the spool; exceeded only by a first entry that is larger, and on close
     * @param written called on the writer's thread when entries are on disk
     */
    SpoolWriter(SpoolStore store, long maxBytes, Runnable written) {
        this.store = store;
        this.maxBytes = maxBytes;
        this.written = written;
    }

    SpoolWriter start() {
        thread.start();
        return this;
    }

    /**
     * Adds an entry to the queue.
     *
     * @return completes on the writer's thread once the entry is on disk; fails if the spool is closed before
     */
    CompletionStage<Void> append(SpoolEntry entry) {
        Waiting waiting = new Waiting(entry, SpoolEntries.encode(entry), new CompletableFuture<>());
        synchronized (queue) {
            if (closing) {
                return CompletableFuture.failedStage(new IllegalStateException("the spool is closed"));
            }
            queue.add(waiting);
            queue.notifyAll();
        }
        return waiting.durable;
    }

    /** Whether entries have to wait, since the spool is full or its disk cannot be written. */
    boolean isFull() {
        return blocked != null;
    }

    /** Call when entries have been removed from the spool. */
    void roomMade() {
        synchronized (queue) {
            queue.notifyAll();
        }
    }

    private void run() {
        try {
            for (List<Waiting> group = nextGroup(); !group.isEmpty(); group = nextGroup()) {
                write(group);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks until queued entries fit and returns them; empty once closed and all are written. They stay queued. */
    private List<Waiting> nextGroup() throws InterruptedException {
        synchronized (queue) {
            while (true) {
                List<Waiting> group = fitting();
                if (!group.isEmpty() || closing) {
                    return group;
                }
                if (!queue.isEmpty()) {
                    block("spool is full", "SPOOL_MAX_BYTES=" + maxBytes);
                }
                queue.wait();
            }
        }
    }

    private List<Waiting> fitting() {
        // On close the limit is exceeded: entries in memory would be lost otherwise.
        long room = closing ? Long.MAX_VALUE : maxBytes - store.bytes();
        List<Waiting> group = new ArrayList<>();
        long bytes = BLOCK_BYTES;
        for (Waiting waiting : queue) {
            bytes += waiting.bytes.length;
            boolean first = group.isEmpty();
            // An entry larger than the limit is written to an empty spool.
            boolean fits = bytes <= room || first && store.bytes() == 0;
            if (!fits || !first && bytes > MOST_BYTES_OF_A_GROUP) {
                return group;
            }
            group.add(waiting);
        }
        return group;
    }

    private void write(List<Waiting> group) throws InterruptedException {
        boolean begins = store.entries() == 0;
        try {
            store.append(group.stream().map(Waiting::bytes).toList());
        } catch (IOException | RuntimeException e) {
            refused(e);
            return;
        }
        if (begins) {
            SpoolEntry entry = group.get(0).entry;
            LOG.warnf("spooling: topic=%s tries=%d reason=\"%s\"", entry.getTopic(), entry.getTries(),
                    LogText.quoted(entry.getReason()));
        }
        synchronized (queue) {
            group.forEach(waiting -> queue.remove());
        }
        if (blocked != null) {
            blocked = null;
            LOG.infof("spool takes entries again: entries=%d bytes=%d", store.entries(), store.bytes());
        }
        written.run();
        group.forEach(waiting -> waiting.durable.complete(null));
    }

    private void refused(Exception failure) throws InterruptedException {
        synchronized (queue) {
            if (closing) {
                LOG.errorf("lost, because the spool cannot be written while the application ends: entries=%d reason=\"%s\"",
                        queue.size(), LogText.quoted(failure.toString()));
                queue.forEach(waiting -> waiting.durable.completeExceptionally(failure));
                queue.clear();
                return;
            }
            block("spool cannot be written", failure.toString());
            queue.wait(TRY_AGAIN_MILLIS);
        }
    }

    private void block(String what, String reason) {
        if (!what.equals(blocked)) {
            blocked = what;
            LOG.errorf("%s, no further orders are generated: entries=%d bytes=%d reason=\"%s\"", what, store.entries(),
                    store.bytes(), LogText.quoted(reason));
        }
    }

    /** Writes all queued entries and ends the thread; blocks for up to 5 s. */
    void close() {
        synchronized (queue) {
            closing = true;
            queue.notifyAll();
        }
        DaemonThreads.join(thread, CLOSE_TIMEOUT);
    }
}
