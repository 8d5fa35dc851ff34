package io.orderstream.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.deadletter.LetterForm;
import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.TopicEnds;
import io.orderstream.kafka.TopicReader;
import io.orderstream.support.TextHeaders;

/**
 * Sends batches of the spool to their dead-letter topics, each entry exactly once even if the process is killed or
 * the broker fails at any moment. Methods block; for use by a single thread.
 * <p>
 * Before a batch is sent, the topics' end offsets are written to its journal. If the outcome of a batch is unknown,
 * all records from these offsets on are read and only missing entries are sent; as long as an open transaction of another
 * application hides some of these records, nothing is sent. This needs no transaction of its own, whose
 * aborted dead letters another application might read. With more than one replica it relies on the killed process'
 * writes being replicated before they are looked for: milliseconds, where a start takes seconds.
 */
final class SpoolSender implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SpoolSender.class);
    private static final Runnable NO_PULSE = () -> {
    };

    private final SpoolStore store;
    private final Supplier<TopicReader> newReader;
    private final Supplier<Producer<byte[], byte[]>> newProducer;
    private final KeptLetters kept;
    private TopicReader reader;
    private Producer<byte[], byte[]> producer;

    /**
     * @param newReader creates a reader, which is closed with this object, as is the producer
     * @param kept keeps letters that are too large for their topic
     */
    SpoolSender(SpoolStore store, Supplier<TopicReader> newReader, Supplier<Producer<byte[], byte[]>> newProducer,
            KeptLetters kept) {
        this.kept = kept;
        this.store = store;
        this.newReader = newReader;
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
        TopicEnds now = ends(batch);
        if (batch.ends() == null) {
            store.begin(batch, now);
            return batch.entries();
        }
        Set<String> there = new HashSet<>();
        // Null, of a letter that was never in a spool, is the id of no entry.
        reader().scan(batch.ends().until(now), now.offsets(),
                record -> there.add(TextHeaders.last(record.headers(), DeadLetterHeaders.SPOOL_ID)), NO_PULSE);
        List<SpoolEntry> missing = batch.entries().stream().filter(entry -> !there.contains(entry.getId())).toList();
        LOG.infof("spool batch of unknown outcome: entries=%d delivered=%d", batch.entries().size(),
                batch.entries().size() - missing.size());
        return missing;
    }

    private TopicEnds ends(SpoolFile.Batch batch) {
        Set<String> topics = batch.entries().stream().map(SpoolEntry::getDeadLetterTopic).collect(Collectors.toSet());
        TopicEnds ends = reader().ends(topics);
        ends.offsets().keySet().forEach(partition -> topics.remove(partition.topic()));
        if (!topics.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + String.join(", ", topics));
        }
        return ends;
    }

    /**
     * Sends entries and blocks until the broker has confirmed them all. One that its topic does not take is sent in a smaller
     * form, and holds up no other.
     */
    void send(List<SpoolEntry> entries) throws IOException {
        List<ProducerRecord<byte[], byte[]>> letters = entries.stream().map(SpoolEntries::letter).toList();
        List<Future<RecordMetadata>> sent = new ArrayList<>(letters.size());
        letters.forEach(letter -> sent.add(producer().send(LetterForm.WHOLE.of(letter))));
        producer().flush();
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = confirmed(letters.get(i), sent.get(i));
            LOG.debugf("undeliverable: id=%s topic=%s dead letter=%s", entries.get(i).getId(), entries.get(i).getTopic(), at);
        }
    }

    private RecordMetadata confirmed(ProducerRecord<byte[], byte[]> letter, Future<RecordMetadata> sent) throws IOException {
        RecordMetadata at = unlessTooLarge(sent);
        if (at == null) {
            at = unlessTooLarge(producer().send(LetterForm.BRIEF.of(letter)));
        }
        if (at == null) {
            LetterForm form = LetterForm.kept(kept.keep(letter));
            at = unlessTooLarge(producer().send(form.of(letter)));
            return at != null ? at : KafkaFutures.await(producer().send(form.withoutKey().of(letter)));
        }
        return at;
    }

    private static RecordMetadata unlessTooLarge(Future<RecordMetadata> sent) {
        try {
            return KafkaFutures.await(sent);
        } catch (KafkaException e) {
            if (LetterForm.isTooLarge(e)) {
                return null;
            }
            throw e;
        }
    }

    private TopicReader reader() {
        if (reader == null) {
            reader = newReader.get();
        }
        return reader;
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
        if (reader != null) {
            reader.close();
            reader = null;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
