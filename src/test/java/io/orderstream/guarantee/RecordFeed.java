package io.orderstream.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

import org.apache.kafka.clients.producer.ProducerRecord;

import io.orderstream.testsupport.TopicClient;

/**
 * Writes records at a steady rate on a thread of its own. While nobody handles them it waits, lest most of a run be
 * the catching up after an interruption. A record that cannot be written, once the broker is there again, fails the
 * run.
 */
final class RecordFeed implements AutoCloseable {

    private static final int CHUNKS_PER_SECOND = 20;
    private static final int MOST_AHEAD = 300;

    private final TopicClient topics;
    private final List<ProducerRecord<byte[], byte[]>> records;
    private final int chunk;
    private final IntSupplier handled;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private int next;

    /**
     * @param topics used by nobody else, and closed with the feed
     * @param records what is written
     * @param perSecond how many a second
     * @param handled how many of them have been handled; asked on the feed's thread
     */
    RecordFeed(TopicClient topics, List<ProducerRecord<byte[], byte[]>> records, int perSecond, IntSupplier handled) {
        this.topics = topics;
        this.records = records;
        this.handled = handled;
        this.chunk = Math.max(1, perSecond / CHUNKS_PER_SECOND);
    }

    /** Begins to write. */
    void start() {
        thread.scheduleAtFixedRate(this::writeChunk, 0, TimeUnit.SECONDS.toMillis(1) / CHUNKS_PER_SECOND,
                TimeUnit.MILLISECONDS);
    }

    private void writeChunk() {
        int chunkEnd = Math.min(next + chunk, records.size());
        try {
            if (chunkEnd - handled.getAsInt() > MOST_AHEAD) {
                return;
            }
            topics.send(records.subList(next, chunkEnd));
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
            throw e;
        }
        next = chunkEnd;
        if (next == records.size()) {
            end.complete(null);
            thread.shutdown();
        }
    }

    /** Waits until all are written. */
    void awaitEnd(Duration timeout) {
        try {
            end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("the records could not be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        topics.close();
    }
}
