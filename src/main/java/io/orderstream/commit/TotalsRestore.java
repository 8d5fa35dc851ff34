package io.orderstream.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

import io.orderstream.commit.PositionCheck.Start;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.support.Failures;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/**
 * Reads back what the group has committed for partitions that are assigned, and from which offset each is read: Kafka is told
 * not to choose one by itself. Blocks; called on the consumer's polling thread.
 *
 * @param counting how the records of the partitions are counted
 * @param positions knows from where to read
 * @param doubt how long a commit is not believed that is older than one of this instance
 */
record TotalsRestore(Counting counting, PositionCheck positions, Duration doubt) {

    private static final Logger LOG = Logger.getLogger(TotalsRestore.class);
    /** In dev mode it is silent, and the line of each topic stands for those of its partitions: application.properties. */
    private static final Logger PARTITIONS = Logger.getLogger(TotalsRestore.class.getName() + ".partitions");
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** Longer than a coordinator takes to load the commits of its groups. */
    private static final Duration DOUBT = Duration.ofSeconds(15);

    TotalsRestore(Counting counting, PositionCheck positions) {
        this(counting, positions, DOUBT);
    }

    /**
     * Without its totals a partition must not be consumed: keeps trying until the broker answers. It must not give up: Kafka
     * takes a partition whose callback has failed for assigned, and would go on to deliver its records, to nobody.
     * <p>
     * A broker that becomes the coordinator twice while it loads answers with what it has loaded so far (Kafka up to 4.3,
     * {@code CoordinatorRuntime}): with a commit that others have followed. So one that is older than what the broker has
     * confirmed to this instance is asked for again, before it is taken for a reset by an operator.
     *
     * @param confirmed the offsets that this instance has committed, of the partitions it has had before
     * @param waits is told each failure
     * @throws WakeupException when the consumer is being closed
     */
    Map<TopicPartition, RestoredPartition> restore(Consumer<?, ?> kafka, Collection<TopicPartition> partitions,
            Map<TopicPartition, Long> confirmed, java.util.function.Consumer<KafkaException> waits) {
        boolean isWaiting = false;
        Long doubtedNanos = null;
        while (true) {
            try {
                boolean isDoubting = doubtedNanos == null || System.nanoTime() - doubtedNanos < doubt.toNanos();
                return tryRestore(kafka, partitions, confirmed, isDoubting);
            } catch (WakeupException | InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                if (doubtedNanos == null && e instanceof CoordinatorLoadInProgressException) {
                    doubtedNanos = System.nanoTime();
                }
                waits.accept(e);
                if (!isWaiting) {
                    isWaiting = true;
                    LOG.warnf("totals not restored, tried again until they are: partitions=%s reason=\"%s\"", partitions,
                            Failures.reason(e));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Map<TopicPartition, RestoredPartition> tryRestore(Consumer<?, ?> kafka, Collection<TopicPartition> partitions,
            Map<TopicPartition, Long> confirmed, boolean isDoubting) {
        int generation = kafka.groupMetadata().generationId();
        Map<TopicPartition, OffsetAndMetadata> committed = kafka.committed(new HashSet<>(partitions), KAFKA_TIMEOUT);
        Map<TopicPartition, Start> starts = positions.starts(partitions, committed, isDoubting ? confirmed : Map.of(),
                KAFKA_TIMEOUT);
        if (!isDoubting) {
            confirmed.forEach((partition, offset) -> tellOlder(partition, committed.get(partition), offset));
        }
        Map<TopicPartition, RestoredPartition> restored = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata commit = committed.get(partition);
            boolean isSameLog = starts.get(partition).isSameLog();
            long start = starts.get(partition).offset();
            TotalsMetadata before = before(partition, isSameLog, commit);
            long offset = commit == null || !isSameLog ? start : commit.offset();
            restored.put(partition, new RestoredPartition(new OffsetTracker(counting, offset, before, generation), commit,
                    start, generation, isSameLog));
            kafka.seek(partition, start);
            PARTITIONS.infof("partition assigned: partition=%s offset=%d processed=%d deadLettered=%d", partition, start,
                    before.totals().processed(), before.totals().deadLettered());
        }
        logTopics(restored);
        return restored;
    }

    private static void tellOlder(TopicPartition partition, OffsetAndMetadata commit, long confirmed) {
        long offset = commit == null ? 0 : commit.offset();
        if (offset < confirmed) {
            LOG.warnf("commits went back, what lies between is handled again: partition=%s committed=%d confirmed=%d",
                    partition, offset, confirmed);
        }
    }

    private static void logTopics(Map<TopicPartition, RestoredPartition> restored) {
        Map<String, List<Totals>> topics = restored.entrySet().stream().collect(Collectors.groupingBy(
                entry -> entry.getKey().topic(),
                Collectors.mapping(entry -> entry.getValue().tracker().contribution(), Collectors.toList())));
        topics.forEach((topic, totals) -> LOG.debugf("partitions assigned: topic=%s partitions=%d processed=%d deadLettered=%d",
                topic, totals.size(), totals.stream().mapToLong(Totals::processed).sum(),
                totals.stream().mapToLong(Totals::deadLettered).sum()));
    }

    private static TotalsMetadata before(TopicPartition partition, boolean isSameLog, OffsetAndMetadata committed) {
        if (committed == null) {
            return TotalsMetadata.NONE;
        }
        TotalsMetadata before = TotalsMetadata.read(committed.offset(), committed.metadata()).orElse(null);
        if (before == null) {
            LOG.warnf("totals start at zero: partition=%s offset=%d reason=\"the commit's metadata is not orderstream's\"",
                    partition, committed.offset());
            return TotalsMetadata.NONE;
        }
        // The records of another log are not those that are listed.
        return isSameLog ? before : new TotalsMetadata(before.totals(), before.names(), OffsetRuns.NONE);
    }
}
