package io.orderstream.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.TopicScan;
import io.orderstream.support.TextHeaders;

/**
 * Sends batches of the spool to their dead-letter topics, each entry exactly once even if the process is killed or
 * the broker fails at any moment. Methods block; for use by a single thread.
 * <p>
 * Before a batch is sent, the topics' end offsets are written to its journal. If the outcome of a batch is unknown,
 * all records from these offsets on are read and only missing entries are sent. This needs no transaction, whose
 * aborted dead letters another application might read. With more than one replica it relies on the killed process'
 * writes being replicated before they are looked for: milliseconds, where a start takes seconds.
 */
final class SpoolSender implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SpoolSender.class);

    private final SpoolStore store;
    private final Supplier<Consumer<byte[], byte[]>> newConsumer;
    private final Supplier<Producer<byte[], byte[]>> newProducer;
    private Consumer<byte[], byte[]> consumer;
    private Producer<byte[], byte[]> producer;

    /** @param newConsumer creates a consumer, which is closed with this object, as is the producer */
    SpoolSender(SpoolStore store, Supplier<Consumer<byte[], byte[]>> newConsumer,
            Supplier<Producer<byte[], byte[]>> newProducer) {
        this.store = store;
        this.newConsumer = newConsumer;
        this.newProducer = newProducer;
    }

    /**
     * Sends the next batch.
     *
     * @return number of entries sent, 0 if the spool is empty
     * @throws KafkaException if the broker is unavailable or rejects a write; the next call finds out what was sent
     * @throws IOException if the spool cannot be read or written
     */
    int sendNext() throws IOException {
        SpoolFile.Batch batch = store.next();
        if (batch == null) {
            return 0;
        }
        try {
            send(missing(batch));
        } catch (KafkaException e) {
            // No write of this attempt may still be in flight when the topics are read.
            close();
            throw e;
        }
        store.sent(batch);
        return batch.entries().size();
    }

    /** Returns the entries of a batch that are in no dead-letter topic, and records that they may be from now on. */
    List<SpoolEntry> missing(SpoolFile.Batch batch) throws IOException {
        Map<TopicPartition, Long> now = ends(batch);
        if (batch.ends() == null) {
            store.begin(batch, now);
            return batch.entries();
        }
        Set<String> there = idsBehind(batch.ends(), now);
        List<SpoolEntry> missing = batch.entries().stream().filter(entry -> !there.contains(entry.getId())).toList();
        LOG.infof("spool batch of unknown outcome: entries=%d delivered=%d", batch.entries().size(),
                batch.entries().size() - missing.size());
        return missing;
    }

    private Map<TopicPartition, Long> ends(SpoolFile.Batch batch) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : batch.entries().stream().map(SpoolEntry::getDeadLetterTopic).distinct().sorted().toList()) {
            if (!partitions.addAll(TopicScan.partitions(consumer(), topic))) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
        }
        return consumer().endOffsets(partitions);
    }

    private Set<String> idsBehind(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        // A partition added meanwhile is read from its beginning.
        Map<TopicPartition, Long> starts = new HashMap<>();
        to.keySet().forEach(partition -> starts.put(partition, from.getOrDefault(partition, 0L)));
        Set<String> ids = new HashSet<>();
        TopicScan.scan(consumer(), starts, to, record -> {
            // Null, of a letter that was never in a spool, is the id of no entry.
            ids.add(TextHeaders.last(record.headers(), DeadLetterHeaders.SPOOL_ID));
            return true;
        });
        return ids;
    }

    /** Sends entries and blocks until the broker has confirmed them all. */
    void send(List<SpoolEntry> entries) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(entries.size());
        entries.forEach(entry -> sent.add(producer().send(SpoolEntries.letter(entry))));
        producer().flush();
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = KafkaFutures.await(sent.get(i));
            LOG.debugf("undeliverable: id=%s topic=%s dead letter=%s", entries.get(i).getId(), entries.get(i).getTopic(), at);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = newConsumer.get();
        }
        return consumer;
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = newProducer.get();
        }
        return producer;
    }

    /** Closes the clients; the next batch creates new ones. */
    @Override
    public void close() {
        // Kafka's clients refuse to be closed by an interrupted thread.
        boolean interrupted = Thread.interrupted();
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            consumer = null;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
