package io.orderstream.average;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.jboss.logging.Logger;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;

/**
 * Commit strategy {@value TotalsCommitFactory#STRATEGY}: commits each partition's watermark, the totals of the finished records
 * and which of them lie beyond it, in one record of Kafka's own offsets topic. What is handled again after a crash has not been
 * counted, and what has been counted is not handled again.
 * <p>
 * All state is confined to the event loop of the channel. The rebalance callbacks arrive on the consumer's polling thread and
 * hop over; only that thread may use the Kafka consumer. A failed commit is tried again at the next interval, with what
 * is due then.
 */
public final class TotalsCommit extends ContextHolder implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(TotalsCommit.class);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
    private static final int EVENT_LOOP_TIMEOUT_MILLIS = 10_000;

    private final KafkaConsumer<?, ?> consumer;
    private final RunningAverage average;
    private final long intervalMillis;
    private final Map<TopicPartition, PartitionProgress> assigned = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final TotalsRestore restore;
    private int maxMetadata = TotalsMetadata.MAX_LENGTH;
    private boolean committing;
    private boolean failing;
    private long timer;
    private volatile Metric lastPoll;

    TotalsCommit(Vertx vertx, KafkaConsumer<?, ?> consumer, RunningAverage average, Duration interval) {
        super(vertx, EVENT_LOOP_TIMEOUT_MILLIS);
        this.consumer = consumer;
        this.average = average;
        this.intervalMillis = interval.toMillis();
        this.restore = new TotalsRestore(average);
    }

    @Override
    public void capture(Context eventLoop) {
        super.capture(eventLoop);
        runOnContext(() -> timer = vertx.setPeriodic(intervalMillis, id -> commit()));
    }

    /**
     * The progress of a partition. To be called on the event loop of the channel.
     *
     * @return null if the partition is not assigned
     */
    public PartitionProgress progress(String topic, int partition) {
        return assigned.get(new TopicPartition(topic, partition));
    }

    /** Where each assigned partition stands. May be called on any thread; does not answer while the event loop is blocked. */
    public Uni<List<PartitionState>> partitions() {
        return Uni.createFrom().emitter(emitter -> runOnContext(() -> {
            List<PartitionState> states = new ArrayList<>();
            long now = System.nanoTime();
            assigned.forEach((partition, progress) -> states.add(PartitionState.of(partition, progress, now)));
            emitter.complete(states);
        }));
    }

    /**
     * Time since the consumer last polled, zero if it has not begun to. It grows without end once the consumer is closed or its
     * stream has failed. May be called on any thread.
     */
    public Duration sinceLastPoll() {
        if (lastPoll == null) {
            Consumer<?, ?> kafka = consumer.unwrap();
            // A metric that was looked up once goes on counting when the consumer is closed.
            lastPoll = kafka == null ? null
                    : kafka.metrics().values().stream()
                            .filter(metric -> metric.metricName().name().equals("last-poll-seconds-ago")).findFirst()
                            .orElse(null);
        }
        double seconds = lastPoll == null ? 0 : (double) lastPoll.metricValue();
        return Duration.ofSeconds(Math.max(0, (long) seconds));
    }

    /** An acknowledgement means nothing here: the pipeline itself tells {@link PartitionProgress} what became of a record. */
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> ignored) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public void partitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, PartitionProgress> restored = restore.restore(consumer.unwrap(), partitions);
        runOnContextAndAwait(() -> {
            restored.forEach((partition, progress) -> {
                assigned.put(partition, progress);
                committed.put(partition, progress.commit(maxMetadata));
                average.assigned(progress.contribution());
            });
            return null;
        });
    }

    @Override
    public void partitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> last = runOnContextAndAwait(() -> {
            Map<TopicPartition, OffsetAndMetadata> due = due(partitions);
            partitions.forEach(this::release);
            return due;
        });
        commitSync(consumer.unwrap(), last);
        LOG.infof("partitions revoked: partitions=%s", partitions);
    }

    private void release(TopicPartition partition) {
        PartitionProgress progress = assigned.remove(partition);
        committed.remove(partition);
        if (progress != null) {
            progress.revoke();
            average.revoked(progress.contribution());
        }
    }

    private void commit() {
        if (committing) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> due = due(assigned.keySet());
        if (due.isEmpty()) {
            return;
        }
        committing = true;
        consumer.runOnPollingThread(kafka -> {
            // A partition may have been given away on this thread meanwhile: its new owner's commit must not be undone.
            due.keySet().retainAll(kafka.assignment());
            kafka.commitAsync(due, (offsets, failure) -> runOnContext(() -> committed(due, failure)));
        }).subscribe().with(done -> {
        }, failure -> runOnContext(() -> committed(due, failure)));
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Throwable failure) {
        committing = false;
        if (failure == null) {
            offsets.forEach((partition, offset) -> {
                if (assigned.containsKey(partition)) {
                    committed.put(partition, offset);
                }
            });
            if (failing) {
                failing = false;
                LOG.info("commits succeed again");
            }
            return;
        }
        if (failure instanceof OffsetMetadataTooLarge) {
            // The broker's offset.metadata.max.bytes is below its default. Totals alone are short, and still exact.
            maxMetadata = 0;
        }
        if (!failing) {
            failing = true;
            LOG.warnf("commit failed, tried again at each interval: partitions=%s reason=\"%s\"", offsets.keySet(),
                    failure.getMessage());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionProgress progress = assigned.get(partition);
            if (progress != null) {
                OffsetAndMetadata now = progress.commit(maxMetadata);
                if (!now.equals(committed.get(partition))) {
                    due.put(partition, now);
                }
            }
        }
        return due;
    }

    private static void commitSync(Consumer<?, ?> kafka, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            kafka.commitSync(offsets, KAFKA_TIMEOUT);
        } catch (KafkaException e) {
            LOG.warnf("last commit failed, these records are handled again: partitions=%s reason=\"%s\"", offsets.keySet(),
                    e.getMessage());
        }
    }

    @Override
    public void terminate(boolean graceful) {
        Map<TopicPartition, OffsetAndMetadata> last = runOnContextAndAwait(() -> {
            // In dev mode the event loop outlives the application.
            vertx.cancelTimer(timer);
            return due(assigned.keySet());
        });
        consumer.runOnPollingThread(kafka -> {
            commitSync(kafka, last);
        }).await().atMost(KAFKA_TIMEOUT.multipliedBy(2));
    }
}
