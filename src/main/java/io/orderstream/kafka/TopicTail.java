package io.orderstream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;

/**
 * Reads the committed records of topics from their beginning and follows them, on its own daemon thread. It has no consumer
 * group and commits nothing, so it reads all records again after a restart, and when a topic has been made anew. It waits for
 * an unavailable broker and for missing topics.
 */
public final class TopicTail implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    /** A record that comes ends it; what is asked of the broker meanwhile has to wait for it. */
    private static final Duration LONGEST_FETCH = Duration.ofSeconds(2);
    /** After records: those that come meanwhile are fetched together. One that comes alone is there at once. */
    static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(10);
    /** One poll that succeeds does not prove that the next one does. */
    private static final Duration WORKS_AGAIN = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConnections connections;
    private final String name;
    private final Set<String> topics;
    private final Listener listener;
    private final Duration lookForPartitions;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<TopicPartition, Long> awaited = new HashMap<>();
    /** Topics that may not be read, each with Kafka's error. */
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    // Refused before, and tried again since the last look.
    private final Set<String> triedAgain = new HashSet<>();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Map<String, String> topicIds = new ConcurrentHashMap<>();
    private volatile Consumer<byte[], byte[]> consumer;
    private volatile boolean caughtUp;
    private Thread thread;
    private long lookedAtNanos;
    private volatile String waitingFor;
    private long failedNanos;

    /** Receives records and deletions; called on the tail's thread. */
    public interface Listener {

        /** A record, in offset order within a partition. */
        void record(ConsumerRecord<byte[], byte[]> record);

        /**
         * Called from time to time with the beginning of each partition: earlier records have been deleted.
         *
         * @param beginnings first offset of each partition, {@link Long#MAX_VALUE} if its topic was deleted
         */
        default void beginnings(Map<TopicPartition, Long> beginnings) {
            // optional
        }

        /**
         * Called before all topics are read again from their beginning: one of them has been deleted and made anew, and its
         * offsets are those of other records now.
         */
        void reset();
    }

    /**
     * @param name name of the thread and client id
     * @param topics topics to read; missing ones are looked up every second
     */
    public TopicTail(KafkaConnections connections, String name, Set<String> topics, Listener listener) {
        this(connections, name, topics, listener, LOOK_FOR_PARTITIONS);
    }

    /** For tests: with another interval for looking up new partitions. */
    TopicTail(KafkaConnections connections, String name, Set<String> topics, Listener listener, Duration lookForPartitions) {
        this.lookForPartitions = lookForPartitions;
        this.connections = connections;
        this.name = name;
        this.topics = topics;
        this.listener = listener;
    }

    /** Starts the thread. */
    public void start() {
        thread = DaemonThreads.named(name, this::follow);
        thread.start();
    }

    /**
     * Whether all topics exist and all records they had at startup have been read; those that an open transaction hid then are
     * not waited for. Thread safe.
     */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /**
     * What cannot be read now, each with Kafka's error: the topics that may not be read or, under the name of this reader, all.
     * It is tried again at intervals. Thread safe.
     */
    public Map<String, String> failures() {
        Map<String, String> failures = new HashMap<>(refused);
        String all = waitingFor;
        if (all != null) {
            failures.put(name, all);
        }
        return failures;
    }

    /** The next offset to read, by partition. Thread safe. */
    public Map<TopicPartition, Long> positions() {
        return Map.copyOf(positions);
    }

    /** The id of a topic as it is read, null if it is not known. Thread safe. */
    public String topicId(String topic) {
        return topicIds.get(topic);
    }

    private void follow() {
        // New partitions of a known topic are found at the next look-up, not after Kafka's default of 5 minutes.
        Map<String, Object> config = Map.of(ConsumerConfig.METADATA_MAX_AGE_CONFIG, (int) lookForPartitions.toMillis(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) LONGEST_FETCH.toMillis());
        try {
            while (closing.getCount() > 0) {
                try {
                    follow(connections.consumer(name, config));
                } catch (RuntimeException e) {
                    // The consumer cannot be created while no broker's host name can be resolved. One whose next record cannot
                    // be read would fail for ever, even if the record was deleted meanwhile.
                    waits(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Consumer<byte[], byte[]> kafka) throws InterruptedException {
        try {
            consumer = kafka;
            steps(kafka);
        } finally {
            // To say goodbye it would wait for the fetch under way, and there is no group it has to leave.
            kafka.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private void steps(Consumer<byte[], byte[]> kafka) throws InterruptedException {
        lookedAtNanos = 0;
        while (closing.getCount() > 0) {
            try {
                step(kafka);
            } catch (WakeupException e) {
                // closing
            } catch (OffsetOutOfRangeException e) {
                readAnew(kafka, e.partitions());
            } catch (RetriableException e) {
                waits(e);
            }
        }
    }

    /**
     * Kafka's own reset would begin at the end of a topic that was made anew under its name, as it takes that for a log that
     * was cut back. Whether it is another topic is looked at before the next poll.
     */
    private void readAnew(Consumer<byte[], byte[]> kafka, Set<TopicPartition> outOfRange) {
        kafka.seekToBeginning(outOfRange);
        lookedAtNanos = 0;
    }

    private void step(Consumer<byte[], byte[]> kafka) throws InterruptedException {
        Duration untilNextLook = caughtUp ? lookForPartitions : LOOK_AGAIN;
        if (lookedAtNanos == 0 || System.nanoTime() - lookedAtNanos > untilNextLook.toNanos()) {
            lookForPartitions(kafka);
            lookedAtNanos = System.nanoTime();
        }
        if (kafka.assignment().isEmpty()) {
            closing.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        poll(kafka);
        kafka.assignment().forEach(partition -> notePosition(kafka, partition));
        if (!caughtUp) {
            awaited.entrySet().removeIf(end -> kafka.position(end.getKey()) >= end.getValue());
            caughtUp = awaited.isEmpty()
                    && kafka.assignment().stream().map(TopicPartition::topic).collect(Collectors.toSet()).equals(topics);
        }
        if (waitingFor != null && System.nanoTime() - failedNanos > WORKS_AGAIN.toNanos()) {
            waitingFor = null;
            LOG.infof("reading again: reader=%s", name);
        }
    }

    /** While all is well a record ends a poll, or the time at which is looked for partitions. */
    private Duration longestPoll() {
        long untilNextLook = lookForPartitions.toNanos() - (System.nanoTime() - lookedAtNanos);
        return caughtUp && waitingFor == null ? Duration.ofNanos(Math.max(0, untilNextLook)) : POLL;
    }

    /** A topic that may be listed and not read fails each poll, and the others would wait with it. */
    private void poll(Consumer<byte[], byte[]> kafka) throws InterruptedException {
        try {
            ConsumerRecords<byte[], byte[]> records = kafka.poll(longestPoll());
            records.forEach(this::tell);
            if (caughtUp && !records.isEmpty()) {
                closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TopicAuthorizationException e) {
            e.unauthorizedTopics().forEach(topic -> refuse(topic, e));
            kafka.assign(kafka.assignment().stream()
                    .filter(partition -> !e.unauthorizedTopics().contains(partition.topic())).toList());
        }
    }

    private void refuse(String topic, KafkaException failure) {
        triedAgain.remove(topic);
        if (refused.put(topic, failure.getClass().getSimpleName() + ": " + failure.getMessage()) == null) {
            LOG.warnf("topic cannot be read: reader=%s topic=%s reason=\"%s\"", name, topic, failure.getMessage());
        }
    }

    /** Which topics have been read without a refusal since the last look, and which are tried again until the next one. */
    private void forgive(Set<TopicPartition> existing) {
        triedAgain.forEach(topic -> {
            refused.remove(topic);
            LOG.infof("topic can be read again: reader=%s topic=%s", name, topic);
        });
        triedAgain.clear();
        existing.stream().map(TopicPartition::topic).filter(refused::containsKey).forEach(triedAgain::add);
    }

    private void notePosition(Consumer<byte[], byte[]> kafka, TopicPartition partition) {
        try {
            positions.put(partition, kafka.position(partition, Duration.ZERO));
        } catch (TimeoutException e) {
            // No position while the partition's leader is unavailable; do not delay the others.
        }
    }

    private void lookForPartitions(Consumer<byte[], byte[]> kafka) {
        Set<TopicPartition> existing = new HashSet<>();
        topics.forEach(topic -> existing.addAll(partitions(kafka, topic)));
        noteTopics(kafka, existing.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        forgive(existing);
        Set<TopicPartition> assigned = kafka.assignment();
        Set<TopicPartition> found = new HashSet<>(existing);
        found.removeAll(assigned);
        Set<TopicPartition> gone = new HashSet<>(positions.keySet());
        gone.addAll(assigned);
        gone.removeAll(existing);
        // What is there and may not be read has not been deleted.
        gone.removeIf(partition -> refused.containsKey(partition.topic()));
        if (!found.isEmpty()) {
            awaited.putAll(kafka.endOffsets(found));
        }
        if (!found.isEmpty() || !gone.isEmpty()) {
            kafka.assign(existing);
            found.forEach(partition -> seek(kafka, partition));
            awaited.keySet().removeAll(gone);
            positions.keySet().removeAll(gone);
        }
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        gone.forEach(partition -> beginnings.put(partition, Long.MAX_VALUE));
        if (!existing.isEmpty()) {
            beginnings.putAll(kafka.beginningOffsets(existing));
        }
        if (!beginnings.isEmpty()) {
            listener.beginnings(beginnings);
        }
    }

    /** A topic that could not be read meanwhile goes on where it was. */
    private void seek(Consumer<byte[], byte[]> kafka, TopicPartition partition) {
        Long position = positions.get(partition);
        if (position == null) {
            kafka.seekToBeginning(List.of(partition));
        } else {
            kafka.seek(partition, position);
        }
    }

    /** A topic made anew may already have more records than the old one, and would be read on in the middle. */
    private void noteTopics(Consumer<byte[], byte[]> kafka, Set<String> existing) {
        Map<String, String> found = TopicReader.ids(TopicReader.describe(connections.admin(), existing));
        Set<String> madeAnew = found.keySet().stream()
                .filter(topic -> !found.get(topic).equals(topicIds.getOrDefault(topic, found.get(topic))))
                .collect(Collectors.toSet());
        if (!madeAnew.isEmpty()) {
            LOG.warnf("all is read again: reader=%s reason=\"topics were deleted and made anew\" topics=%s", name, madeAnew);
            caughtUp = false;
            kafka.unsubscribe();
            awaited.clear();
            positions.clear();
            listener.reset();
        }
        topicIds.putAll(found);
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> kafka, String topic) {
        try {
            return TopicScan.partitions(kafka, topic);
        } catch (InvalidTopicException | AuthorizationException e) {
            // A topic without permission must not prevent reading the others.
            refuse(topic, e);
            return List.of();
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        try {
            listener.record(record);
        } catch (RuntimeException | StackOverflowError e) {
            // A failure for one record must not end the reading.
            LOG.errorf(e, "record left out: reader=%s topic=%s partition=%d offset=%d", name, record.topic(),
                    record.partition(), record.offset());
        }
    }

    private void waits(RuntimeException failure) throws InterruptedException {
        failedNanos = System.nanoTime();
        boolean isNew = waitingFor == null;
        waitingFor = failure.getClass().getSimpleName() + ": " + Failures.shown(failure);
        if (isNew) {
            LOG.warnf("reading waits for the broker: reader=%s reason=\"%s\"", name, Failures.reason(failure));
        }
        closing.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closing.countDown();
        if (consumer != null) {
            consumer.wakeup();
        }
        if (thread != null) {
            DaemonThreads.join(thread, CLOSE_TIMEOUT);
        }
    }
}
