package io.orderstream.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.ProducerRecord;

import io.orderstream.testsupport.TopicClient;

/**
 * Writes records at a steady rate on a thread of its own, whether anybody handles them or not. What could not be written while
 * the broker was away is written when it is there again.
 */
final class SteadyFeed implements AutoCloseable {

    private static final int PERIOD_MILLIS = 50;

    private final TopicClient topics;
    private final List<ProducerRecord<byte[], byte[]>> records;
    private final int perSecond;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final long begin = System.nanoTime();
    private int next;

    /**
     * Begins to write.
     *
     * @param topics used by nobody else, and closed with the feed
     */
    SteadyFeed(TopicClient topics, List<ProducerRecord<byte[], byte[]>> records, int perSecond) {
        this.topics = topics;
        this.records = records;
        this.perSecond = perSecond;
        thread.scheduleWithFixedDelay(this::writeWhatIsDue, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void writeWhatIsDue() {
        long due = (System.nanoTime() - begin) * perSecond / TimeUnit.SECONDS.toNanos(1);
        List<ProducerRecord<byte[], byte[]>> now = records.subList(next, (int) Math.min(due, records.size()));
        try {
            topics.send(now);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
            throw e;
        }
        next += now.size();
        if (next == records.size()) {
            end.complete(null);
            thread.shutdown();
        }
    }

    /** Waits until all are written; fails if one could not be. */
    void awaitEnd(Duration timeout) {
        end.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        topics.close();
    }
}
