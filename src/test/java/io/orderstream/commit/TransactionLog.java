package io.orderstream.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers that keep what their transactions have committed, and fail as they are told. */
final class TransactionLog {

    /** A transaction: the values of its records, and its offsets. */
    record Committed(List<String> records, Map<TopicPartition, OffsetAndMetadata> offsets) {
    }

    private final List<Logged> producers = new CopyOnWriteArrayList<>();
    private final List<Committed> committed = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger failedSends = new AtomicInteger();
    private final Map<String, RuntimeException> refused = new ConcurrentHashMap<>();
    private volatile Consumer<Logged> faults = producer -> {
    };

    Producer<byte[], byte[]> producer() {
        Logged producer = new Logged();
        faults.accept(producer);
        producers.add(producer);
        return producer;
    }

    /** @param fault applied to the producers there are, and to those that are still to come */
    void fail(Consumer<Logged> fault) {
        faults = fault;
        producers.forEach(fault);
    }

    /** The same for the first producer alone, and for its first transaction. */
    void failOnce(Consumer<Logged> fault) {
        faults = producer -> {
            fault.accept(producer);
            faults = next -> {
            };
        };
    }

    /** Refuses the records with this value. */
    void refuse(String value, RuntimeException failure) {
        refused.put(value, failure);
    }

    List<Committed> committed() {
        return committed;
    }

    /** Records that were not taken, in all transactions. */
    int failedSends() {
        return failedSends.get();
    }

    /** Transactions that were begun. */
    int attempts() {
        return attempts.get();
    }

    /** Kafka's own mock, with the failures of single records it cannot have. */
    final class Logged extends MockProducer<byte[], byte[]> {

        private final List<String> sent = new ArrayList<>();

        Logged() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void beginTransaction() {
            attempts.incrementAndGet();
            sent.clear();
            super.beginTransaction();
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            RuntimeException refusal = refused.get(new String(record.value()));
            if (refusal != null) {
                failedSends.incrementAndGet();
                callback.onCompletion(null, refusal);
                return null;
            }
            sent.add(new String(record.value()));
            return super.send(record, callback);
        }

        @Override
        public void commitTransaction() {
            Map<TopicPartition, OffsetAndMetadata> offsets = uncommittedOffsets().values().stream().findFirst().orElseThrow();
            super.commitTransaction();
            committed.add(new Committed(List.copyOf(sent), Map.copyOf(offsets)));
        }
    }
}
