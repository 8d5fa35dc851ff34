package io.orderstream.average;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;

/**
 * Commit strategy {@value TotalsCommitFactory#STRATEGY}: commits each partition's watermark together with the totals of the
 * records before it, in one record of Kafka's own offsets topic. What is read again after a crash has not been counted, and
 * what
 * has been counted is not read again.
 * <p>
 * All state is confined to the event loop of the channel. The rebalance callbacks arrive on the consumer's polling thread and
 * hop over; only that thread may use the Kafka consumer. A failed commit is tried again at the next interval: the watermark and
 * its totals only grow.
 */
public final class TotalsCommit extends ContextHolder implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(TotalsCommit.class);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
    // Well under the 5 minutes of max.poll.interval.ms, after which the group would take the partitions away.
    private static final Duration RESTORE_TIMEOUT = Duration.ofMinutes(4);
    private static final int EVENT_LOOP_TIMEOUT_MILLIS = 10_000;

    private final KafkaConsumer<?, ?> consumer;
    private final RunningAverage average;
    private final long intervalMillis;
    private final Map<TopicPartition, PartitionProgress> assigned = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean committing;
    private long timer;

    TotalsCommit(Vertx vertx, KafkaConsumer<?, ?> consumer, RunningAverage average, Duration interval) {
        super(vertx, EVENT_LOOP_TIMEOUT_MILLIS);
        this.consumer = consumer;
        this.average = average;
        this.intervalMillis = interval.toMillis();
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

    /** The offset each assigned partition would commit now. May be called on any thread. */
    public Uni<Map<TopicPartition, Long>> watermarks() {
        return Uni.createFrom().emitter(emitter -> runOnContext(() -> {
            Map<TopicPartition, Long> watermarks = new HashMap<>();
            assigned.forEach((partition, progress) -> watermarks.put(partition, progress.watermark()));
            emitter.complete(watermarks);
        }));
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
        Consumer<?, ?> kafka = consumer.unwrap();
        int generation = kafka.groupMetadata().generationId();
        Map<TopicPartition, PartitionProgress> restored = restore(kafka, partitions, generation);
        runOnContextAndAwait(() -> {
            restored.forEach((partition, progress) -> {
                assigned.put(partition, progress);
                committed.put(partition, progress.watermark());
                average.assigned(progress.contribution());
            });
            return null;
        });
    }

    /** Without its totals a partition must not be consumed: keeps trying while the broker does not answer. */
    private Map<TopicPartition, PartitionProgress> restore(Consumer<?, ?> kafka, Collection<TopicPartition> partitions,
            int generation) {
        long deadline = System.nanoTime() + RESTORE_TIMEOUT.toNanos();
        while (true) {
            try {
                Map<TopicPartition, OffsetAndMetadata> offsets = kafka.committed(new HashSet<>(partitions), KAFKA_TIMEOUT);
                Map<TopicPartition, PartitionProgress> restored = new HashMap<>();
                for (TopicPartition partition : partitions) {
                    long position = kafka.position(partition, KAFKA_TIMEOUT);
                    restored.put(partition, restore(partition, position, offsets.get(partition), generation));
                }
                return restored;
            } catch (WakeupException | InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LOG.warnf("totals not restored, trying again: partitions=%s reason=\"%s\"", partitions, e.getMessage());
            }
        }
    }

    private PartitionProgress restore(TopicPartition partition, long position, OffsetAndMetadata offset, int generation) {
        Totals before = Totals.ZERO;
        if (offset != null) {
            before = TotalsMetadata.read(offset.metadata()).orElse(null);
            if (before == null) {
                LOG.warnf("totals start at zero: partition=%s offset=%d reason=\"the commit's metadata is not orderstream's\"",
                        partition, offset.offset());
                before = Totals.ZERO;
            } else if (offset.offset() != position) {
                LOG.warnf("records are gone: partition=%s committed=%d position=%d reason=\"out of range\"", partition,
                        offset.offset(), position);
            }
        }
        LOG.infof("partition assigned: partition=%s offset=%d processed=%d deadLettered=%d", partition, position,
                before.processed(), before.deadLettered());
        return new PartitionProgress(average, position, before, generation);
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
        Map<TopicPartition, OffsetAndMetadata> due = due(assigned.keySet());
        if (committing || due.isEmpty()) {
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
        if (failure != null) {
            LOG.warnf("commit failed, tried again at the next interval: partitions=%s reason=\"%s\"", offsets.keySet(),
                    failure.getMessage());
            return;
        }
        offsets.forEach((partition, offset) -> committed.computeIfPresent(partition, (key, before) -> offset.offset()));
    }

    private Map<TopicPartition, OffsetAndMetadata> due(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionProgress progress = assigned.get(partition);
            if (progress != null && progress.watermark() != committed.get(partition)) {
                due.put(partition, new OffsetAndMetadata(progress.watermark(),
                        TotalsMetadata.write(progress.totalsAtWatermark())));
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
