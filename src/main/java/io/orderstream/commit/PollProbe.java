package io.orderstream.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Polls a consumer to learn why its polls fail, and puts back what it gets. Confined to the polling thread.
 * <p>
 * A partition whose next record cannot be read keeps what it has fetched, and fails for ever with it, even if the record was
 * repaired or deleted meanwhile: Kafka's consumer fetches anew only from another position. So the position is changed for one
 * poll.
 */
final class PollProbe {

    private static final Logger LOG = Logger.getLogger(PollProbe.class);
    private static final Duration POLL = Duration.ofMillis(500);
    /** SmallRye polls at least twice a second, unless a poll has failed. */
    private static final Duration LATE = Duration.ofSeconds(1);
    /**
     * Who has not polled for so long does not wait for the next try: its stream is at its end, which polls of ours would hide.
     */
    private static final Duration OVER = Duration.ofMinutes(1);
    /** So many polls in a row must succeed: after a failed connection the client is silent for two seconds. */
    private static final int PROVED = 4;

    private int succeeded = PROVED;
    private Throwable last;
    private long probedNanos = System.nanoTime() - OVER.toNanos();
    private long othersNanos = System.nanoTime();

    /**
     * Why polls fail. Polls itself only if they are late or have just failed; blocks for half a second then.
     *
     * @param sinceLastPoll time since the last poll, in whole seconds
     * @return null if they do not
     */
    Throwable failure(Consumer<?, ?> kafka, Duration sinceLastPoll, long nowNanos) {
        // Of whole seconds one is not known.
        if (nowNanos - probedNanos > sinceLastPoll.plus(LATE).toNanos()) {
            othersNanos = nowNanos - sinceLastPoll.toNanos();
        }
        boolean isSuspicious = sinceLastPoll.compareTo(LATE) >= 0 || succeeded < PROVED;
        if (isSuspicious && nowNanos - othersNanos < OVER.toNanos()) {
            probedNanos = nowNanos;
            Throwable failure = poll(kafka);
            succeeded = failure == null ? succeeded + 1 : 0;
            last = failure == null ? last : failure;
        }
        return succeeded < PROVED ? last : null;
    }

    private static Throwable poll(Consumer<?, ?> kafka) {
        try {
            putBack(kafka, kafka.poll(POLL));
            return null;
        } catch (WakeupException | InterruptException | IllegalStateException e) {
            // It is being closed.
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // The library of a compression that cannot be loaded is no exception.
            fetchAnew(kafka);
            return e;
        }
    }

    private static void putBack(Consumer<?, ?> kafka, ConsumerRecords<?, ?> records) {
        for (TopicPartition partition : records.partitions()) {
            ConsumerRecord<?, ?> first = records.records(partition).get(0);
            kafka.seek(partition, new OffsetAndMetadata(first.offset(), first.leaderEpoch(), ""));
        }
    }

    /** Lets the next poll fetch anew what is there behind the position. */
    private static void fetchAnew(Consumer<?, ?> kafka) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try {
            Set<TopicPartition> paused = kafka.paused();
            kafka.assignment().stream()
                    .filter(partition -> !paused.contains(partition) && kafka.currentLag(partition).orElse(0) > 0)
                    .forEach(partition -> positions.put(partition, kafka.position(partition, Duration.ZERO)));
            if (!positions.isEmpty()) {
                positions.forEach((partition, position) -> kafka.seek(partition, position + 1));
                // What does not begin at the position is thrown away.
                kafka.poll(Duration.ZERO);
            }
        } catch (KafkaException e) {
            LOG.debugf("not fetched anew: reason=\"%s\"", e.getMessage());
        } finally {
            positions.keySet().retainAll(kafka.assignment());
            positions.forEach(kafka::seek);
        }
    }
}
