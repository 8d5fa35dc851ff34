package io.orderstream.redrive;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

import io.orderstream.kafka.KafkaConnections;

/**
 * Elects the instance that runs jobs by a consumer group of its own: whoever is assigned the only partition of the
 * jobs topic leads. No records are read. Not thread safe, except {@link #wakeup()}.
 */
final class RedriveLeader implements AutoCloseable {

    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final int HEARTBEATS_PER_SESSION = 4;
    private static final int SESSIONS_HALF = 2;
    private static final Duration CONFIRM_INTERVAL = Duration.ofMillis(500);
    private static final int LOOKS_PER_HEARTBEAT = 4;
    private static final int METADATA_MAX_AGE_MILLIS = 10_000;
    /** The longest that a rebalance waits for this member: the same as for the consumers of the channels. */
    private static final int MAX_POLL_INTERVAL_MILLIS = 60_000;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Duration session;
    private boolean leads;
    private int term;
    private long confirmedNanos;

    /**
     * @param group consumer group used for the election
     * @param session session timeout, after which the broker takes a silent leader for dead
     */
    RedriveLeader(KafkaConnections connections, String topic, String group, Duration session) {
        this.partition = new TopicPartition(topic, 0);
        this.session = session;
        int heartbeatMillis = (int) session.toMillis() / HEARTBEATS_PER_SESSION;
        this.consumer = connections.consumer("redrive-leader", Map.of(ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) session.toMillis(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatMillis,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MILLIS,
                // Its heartbeat thread looks so often, and so does a poll while nothing is under way.
                ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, heartbeatMillis / LOOKS_PER_HEARTBEAT,
                // Sticky: an instance that joins does not take over the leadership.
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName()));
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // Only the assignment matters, the records do not.
                consumer.pause(partitions);
                if (!partitions.contains(partition)) {
                    return;
                }
                leads = true;
                term++;
                confirmedNanos = System.nanoTime() - session.toNanos();
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                leads &= !partitions.contains(partition);
            }
        });
    }

    /** Polls to remain a member of the group; blocks for up to {@code wait}. */
    void poll(Duration wait) {
        consumer.poll(wait);
    }

    /** Whether this instance led at the last poll. */
    boolean leads() {
        return leads;
    }

    /** Number of times this instance gained the leadership; state read in an earlier term may be outdated. */
    int term() {
        return term;
    }

    /**
     * Whether no other instance can lead for half a session timeout from now. An instance that has lost its partition
     * may not know it yet, so it is proved by a commit, which the broker accepts from the current owner only.
     */
    boolean isConfirmed() {
        long now = System.nanoTime();
        if (!leads) {
            return false;
        }
        if (now - confirmedNanos < CONFIRM_INTERVAL.toNanos()) {
            return true;
        }
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)), COMMIT_TIMEOUT);
            confirmedNanos = now;
            return true;
        } catch (InterruptException | WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            return now - confirmedNanos < session.toNanos() / SESSIONS_HALF;
        }
    }

    /** Interrupts {@link #poll}. Thread safe. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(COMMIT_TIMEOUT));
    }
}
