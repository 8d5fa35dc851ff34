package io.orderstream.redrive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.RedrivenDeadLetters;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.kafka.TopicTail;

/**
 * State of all redrive jobs, replicated to every instance by the compacted jobs topic. Its keys are {@code <id>} for
 * a job and {@code <id>/control} for an operator's request to stop or resume it. Thread safe; appending blocks.
 */
final class RedriveLog implements RedrivenDeadLetters, AutoCloseable {

    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(5);
    private static final int REQUEST_TIMEOUT_MILLIS = 4_000;
    private static final String CONTROL = "/control";

    private final KafkaConnections connections;
    private final String topic;
    private final TopicTail tail;
    private final Map<String, RedriveJob> jobs = new ConcurrentHashMap<>();
    private final Map<String, Boolean> stops = new ConcurrentHashMap<>();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Object progress = new Object();
    private long readTo;
    private Producer<byte[], byte[]> producer;

    /** What a job has sent: offsets in dead-letter topics with these ids. */
    private record Sent(Map<TopicPartition, OffsetRuns> letters, Map<String, String> topicIds) {

        static Sent of(RedriveCheckpoint checkpoint) {
            Map<TopicPartition, OffsetRuns> letters = new HashMap<>();
            checkpoint.sent().forEach((partition, runs) -> letters.put(partition, OffsetRuns.read(0, runs)));
            if (letters.values().stream().mapToDouble(OffsetRuns::size).sum() > RedriveRequest.MOST_LETTERS) {
                // Whoever runs the job holds each of them in memory.
                throw new IllegalArgumentException("more dead letters than a job may send");
            }
            return new Sent(letters, checkpoint.topicIds());
        }

        boolean contains(DeadLetter letter, String topicId) {
            String sentFrom = topicIds.get(letter.topic());
            return (sentFrom == null || topicId == null || sentFrom.equals(topicId))
                    && letters.getOrDefault(new TopicPartition(letter.topic(), letter.partition()), OffsetRuns.NONE)
                            .contains(letter.offset());
        }
    }

    RedriveLog(KafkaConnections connections, String topic) {
        this.connections = connections;
        this.topic = topic;
        this.tail = new TopicTail(connections, "redrive-log", Set.of(topic), new TopicTail.Listener() {

            @Override
            public void record(ConsumerRecord<byte[], byte[]> record) {
                read(record);
            }

            @Override
            public void reset() {
                forget();
            }
        });
    }

    void start() {
        tail.start();
    }

    String topic() {
        return topic;
    }

    /** Whether all records that were in the topic at startup have been read. */
    boolean isCaughtUp() {
        return tail.isCaughtUp();
    }

    /** What cannot be read now, each with Kafka's error. */
    Map<String, String> failures() {
        return tail.failures();
    }

    /**
     * Whether all records before this offset have been read. The last ones may be those of a transaction, which are not seen.
     */
    boolean hasReadTo(long offset) {
        return tail.positions().getOrDefault(new TopicPartition(topic, 0), 0L) >= offset;
    }

    Collection<RedriveJob> jobs() {
        return jobs.values();
    }

    Optional<RedriveJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Returns the operator's last request: stop (true) or resume (false); empty if there was none. */
    Optional<Boolean> stop(String id) {
        return Optional.ofNullable(stops.get(id));
    }

    @Override
    public boolean contains(DeadLetter letter, String topicId) {
        return isSentByOther("", letter, topicId);
    }

    /**
     * Whether a job other than this one has sent the dead letter.
     *
     * @param topicId id of the dead-letter topic the letter was read from, null if it is not known
     */
    boolean isSentByOther(String jobId, DeadLetter letter, String topicId) {
        return sent.entrySet().stream().anyMatch(
                job -> !job.getKey().equals(jobId) && job.getValue().contains(letter, topicId));
    }

    /** Sets the state of a job on this instance only, without writing it. */
    void show(RedriveJob job) {
        jobs.put(job.id(), job);
    }

    /**
     * Writes the state of a job and blocks until it is confirmed and has been read back.
     *
     * @throws KafkaException if it is not confirmed or not read back, each of which is waited for up to 5 s
     */
    void append(RedriveJob job) {
        append(job.id(), RedriveJson.write(job));
    }

    /** Writes an operator's request for a job, in the same way. */
    void append(String id, boolean stop) {
        append(id + CONTROL, RedriveJson.write(new RedriveJson.Control(stop)));
    }

    private void append(String key, byte[] value) {
        RecordMetadata written = KafkaFutures.await(
                producer().send(new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value)), APPEND_TIMEOUT,
                topic + " has not confirmed a write in time");
        try {
            awaitRead(written.offset() + 1);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void awaitRead(long offset) throws InterruptedException {
        long deadline = System.nanoTime() + APPEND_TIMEOUT.toNanos();
        synchronized (progress) {
            while (readTo < offset) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException(topic + " is not read in time");
                }
                progress.wait(left);
            }
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = connections.producer("redrive-log", Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip",
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) APPEND_TIMEOUT.toMillis(),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) APPEND_TIMEOUT.toMillis(), ProducerConfig.LINGER_MS_CONFIG, 0));
        }
        return producer;
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.key() != null && record.value() != null) {
                note(new String(record.key(), StandardCharsets.UTF_8), record.value());
            }
        } finally {
            synchronized (progress) {
                readTo = record.offset() + 1;
                progress.notifyAll();
            }
        }
    }

    /**
     * Takes a record of the topic.
     *
     * @throws UncheckedIOException if it is none of ours; nothing has changed then
     */
    void note(String key, byte[] value) {
        if (key.endsWith(CONTROL)) {
            stops.put(key.substring(0, key.length() - CONTROL.length()),
                    RedriveJson.read(value, RedriveJson.Control.class).stop());
            return;
        }
        RedriveJob job = RedriveJson.read(value, RedriveJob.class);
        try {
            sent.put(job.id(), Sent.of(job.checkpoint()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UncheckedIOException(new IOException("what job " + job.id() + " has sent cannot be read", e));
        }
        jobs.put(job.id(), job);
    }

    private void forget() {
        synchronized (progress) {
            readTo = 0;
        }
        sent.clear();
        stops.clear();
        jobs.clear();
    }

    @Override
    public void close() {
        tail.close();
        synchronized (this) {
            if (producer != null) {
                producer.close(APPEND_TIMEOUT);
            }
        }
    }
}
