package io.orderstream.redrive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.KafkaFutures;

/** Sends records in order, and says what became of each. To be used on one thread. Blocks. */
class RedriveSender implements AutoCloseable {

    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(5);
    private static final double REQUEST_SHARE = 0.8;

    private final KafkaConnections connections;
    private final Duration delivery;
    private Producer<byte[], byte[]> producer;

    /** @param session a leader's; who is no longer one delivers nothing after half of it */
    RedriveSender(KafkaConnections connections, Duration session) {
        this.connections = connections;
        Duration half = session.dividedBy(2);
        this.delivery = half.compareTo(LONGEST_DELIVERY) < 0 ? half : LONGEST_DELIVERY;
    }

    /** How long after a failure a record may still arrive. */
    Duration delivery() {
        return delivery;
    }

    /**
     * Sends records, and waits for all of them.
     *
     * @return where each of them stands, null for one its topic refuses because of its size
     * @throws KafkaException if what became of them is unknown
     */
    List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records) {
        boolean known = false;
        try {
            List<RecordMetadata> outcomes = start(records).stream().map(RedriveSender::outcome).toList();
            known = true;
            return outcomes;
        } finally {
            if (!known) {
                // What it still holds must not be sent any more.
                close();
            }
        }
    }

    private List<Future<RecordMetadata>> start(List<ProducerRecord<byte[], byte[]>> records) {
        if (producer == null) {
            producer = connections.producer("redrive-sender", Map.of(
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis(),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) (delivery.toMillis() * REQUEST_SHARE),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) delivery.toMillis(), ProducerConfig.LINGER_MS_CONFIG, 0,
                    // Each record by itself: of a batch with one that is too large Kafka's producer makes the same batch again,
                    // until it gives all of them up.
                    ProducerConfig.BATCH_SIZE_CONFIG, 0));
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            Future<RecordMetadata> outcome = producer.send(record);
            sent.add(outcome);
            if (outcome.isDone()) {
                // Failed at once, for instance for want of a broker: the next would only block as long again.
                outcome(outcome);
            }
        }
        return sent;
    }

    private static RecordMetadata outcome(Future<RecordMetadata> sent) {
        try {
            return KafkaFutures.await(sent);
        } catch (RecordTooLargeException e) {
            return null;
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
