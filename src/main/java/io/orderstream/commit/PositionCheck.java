package io.orderstream.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.jboss.logging.Logger;

import io.orderstream.kafka.KafkaFutures;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;

/**
 * Decides from which offset a partition is read when that is not the one behind the last record read. The consumers have
 * {@code auto.offset.reset=none}, because Kafka would move a position without a word: over records that were deleted, and, when
 * a topic is made anew under its name, to the end of the new one. With {@code none} the position stays where it is, each poll
 * fails, and what is found out here is told and acted on.
 * <p>
 * A position that moves is in the log, so the broker is asked only about those that stand. Where nothing is left to be read,
 * and polls succeed, the log has not changed either, unless its topic was made anew: then only the id of the topic is asked
 * for. Not thread safe: all of it is used on the consumer's polling thread.
 */
final class PositionCheck {

    private static final Logger LOG = Logger.getLogger(PositionCheck.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LATEST = "latest";
    /** Of a partition whose position Kafka cannot tell, because it has found that the log was cut back. */
    private static final long UNKNOWN = -1;

    private final PartitionLog.Source source;
    private final boolean startsAtEnd;
    private final BooleanSupplier isWell;
    private final Map<TopicPartition, Uuid> topicIds = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> diverged = new HashMap<>();
    private Map<TopicPartition, Long> before = Map.of();
    private boolean isAsking;
    private long askedNanos = System.nanoTime() - PAUSE.toNanos();

    /** Told of offsets that were deleted before they were read. */
    @FunctionalInterface
    interface Listener {

        /** The records from one offset up to another will not come; called on the polling thread. */
        void gone(TopicPartition partition, long from, long to);
    }

    /**
     * @param reset the channel's {@code auto.offset.reset}: where a group begins that has committed nothing
     * @param isWell whether the polls of the consumer succeed
     */
    PositionCheck(PartitionLog.Source source, String reset, BooleanSupplier isWell) {
        this.source = source;
        this.isWell = isWell;
        this.startsAtEnd = LATEST.equals(reset);
    }

    /**
     * Where a partition is to be read.
     *
     * @param isSameLog whether there are still the records in it that were there, at least before this offset
     */
    record Start(long offset, boolean isSameLog) {
    }

    /**
     * From where partitions are to be read that have been assigned.
     *
     * @param confirmed offsets below which nothing can have been committed last
     * @throws CoordinatorLoadInProgressException if a commit is older than that
     * @throws KafkaException if the broker does not say in time
     */
    Map<TopicPartition, Start> starts(Collection<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, Long> confirmed, Duration timeout) {
        Map<TopicPartition, PartitionLog> logs = KafkaFutures.await(
                source.describe(new HashSet<>(partitions)).toCompletableFuture(), timeout, "partitions not described in time");
        confirmed.forEach((partition, offset) -> {
            // With a topic the broker deletes what was committed of it.
            if (!isAnew(topicIds.get(partition), logs.get(partition))) {
                refuseOlder(partition, committed.get(partition), offset);
            }
        });
        Map<TopicPartition, Start> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionLog log = Objects.requireNonNull(logs.get(partition));
            OffsetAndMetadata commit = committed.get(partition);
            diverged.remove(partition);
            starts.put(partition, commit == null
                    ? new Start(startsAtEnd ? log.end() : log.begin(), !isAnew(topicIds.put(partition, log.topicId()), log))
                    : start(partition, commit.offset(), log));
        }
        return starts;
    }

    private static void refuseOlder(TopicPartition partition, OffsetAndMetadata commit, long confirmed) {
        long offset = commit == null ? 0 : commit.offset();
        if (offset < confirmed) {
            throw new CoordinatorLoadInProgressException("the broker gives offset %d as committed for %s, and has confirmed %d"
                    .formatted(offset, partition, confirmed));
        }
    }

    private static boolean isAnew(Uuid known, PartitionLog log) {
        return known != null && !known.equals(log.topicId());
    }

    private Start start(TopicPartition partition, long position, PartitionLog log) {
        Uuid known = topicIds.put(partition, log.topicId());
        // A topic of which nothing is known and that has less than was committed: what it has was not read.
        if (isAnew(known, log) || known == null && position > log.end()) {
            LOG.warnf("topic was made anew, read from its beginning: topic=%s partition=%d position=%d offset=%d",
                    partition.topic(), partition.partition(), position, log.begin());
            return new Start(log.begin(), false);
        }
        OffsetAndMetadata divergence = diverged.remove(partition);
        long end = divergence == null ? log.end() : Math.min(divergence.offset(), log.end());
        if (position > end || position == UNKNOWN && divergence != null) {
            LOG.warnf("log was cut back by its brokers, read on from there: topic=%s partition=%d position=%d offset=%d",
                    partition.topic(), partition.partition(), position, end);
            return new Start(Math.max(log.begin(), end), false);
        }
        return new Start(position == UNKNOWN ? UNKNOWN : Math.max(log.begin(), position), true);
    }

    /** Looks at the positions of a consumer, moves those that have to be, and tells what is lost thereby. Does not block. */
    void look(KafkaConsumer<?, ?> consumer, Listener listener) {
        consumer.runOnPollingThread(kafka -> {
            look(kafka, consumer, listener);
        }).subscribe().with(done -> {
        }, failure -> {
            // It is closed.
        });
    }

    private void look(Consumer<?, ?> kafka, KafkaConsumer<?, ?> consumer, Listener listener) {
        Map<TopicPartition, Long> now = new HashMap<>();
        kafka.assignment().forEach(partition -> now.put(partition, position(kafka, partition)));
        Map<TopicPartition, Long> standing = new HashMap<>(now);
        standing.entrySet().removeIf(at -> !at.getValue().equals(before.get(at.getKey())));
        before = now;
        if (standing.isEmpty() || isAsking || System.nanoTime() - askedNanos < PAUSE.toNanos()) {
            return;
        }
        isAsking = true;
        askedNanos = System.nanoTime();
        ask(kafka, standing).whenComplete((logs, failure) -> consumer.runOnPollingThread(polled -> {
            isAsking = false;
            if (failure == null) {
                logs.forEach((partition, log) -> check(polled, partition, standing.get(partition), log, listener));
            }
        }).subscribe().with(done -> {
        }, closed -> {
            // It is closed.
        }));
    }

    private CompletionStage<Map<TopicPartition, PartitionLog>> ask(Consumer<?, ?> kafka, Map<TopicPartition, Long> standing) {
        Map<TopicPartition, Uuid> known = new HashMap<>(topicIds);
        known.keySet().retainAll(standing.keySet());
        if (!isWell.getAsBoolean() || known.size() < standing.size() || standing.containsValue(UNKNOWN)
                || !standing.keySet().stream().allMatch(partition -> isFetchedToItsEnd(kafka, partition))) {
            return source.describe(standing.keySet());
        }
        return source.changed(known).thenCompose(changed -> changed.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : source.describe(changed));
    }

    /** A consumer that is paused does not fetch, and would not notice what has become of the log. */
    private static boolean isFetchedToItsEnd(Consumer<?, ?> kafka, TopicPartition partition) {
        return !kafka.paused().contains(partition) && kafka.currentLag(partition).orElse(1) == 0;
    }

    private long position(Consumer<?, ?> kafka, TopicPartition partition) {
        try {
            return kafka.position(partition, Duration.ZERO);
        } catch (LogTruncationException e) {
            diverged.putAll(e.divergentOffsets());
            return UNKNOWN;
        } catch (KafkaException e) {
            // It has none yet.
            return UNKNOWN;
        }
    }

    private void check(Consumer<?, ?> kafka, TopicPartition partition, long position, PartitionLog log, Listener listener) {
        if (!kafka.assignment().contains(partition) || position(kafka, partition) != position) {
            return;
        }
        long start = start(partition, position, log).offset();
        // A consumer that is paused may have fetched what was deleted since, and still give it.
        if (start == position || position != UNKNOWN && start > position && kafka.paused().contains(partition)) {
            return;
        }
        kafka.seek(partition, start);
        if (position != UNKNOWN && start > position) {
            listener.gone(partition, position, start);
        }
    }
}
