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
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.record.CompressionType;

import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.KafkaFutures;

/** Sends records in order and reports the outcome of each. Methods block; not thread safe. */
class RedriveSender implements AutoCloseable {

    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(5);
    private static final double REQUEST_SHARE = 0.8;

    private final KafkaConnections connections;
    private final Duration delivery;
    private Producer<byte[], byte[]> producer;

    /** @param session session timeout of the leader; no record is delivered later than half of it after its send */
    RedriveSender(KafkaConnections connections, Duration session) {
        this.connections = connections;
        Duration half = session.dividedBy(2);
        this.delivery = half.compareTo(LONGEST_DELIVERY) < 0 ? half : LONGEST_DELIVERY;
    }

    /** Time after a failure within which a record may still be written. */
    Duration delivery() {
        return delivery;
    }

    /**
     * What became of a record.
     *
     * @param at its position, null if it was refused
     * @param refusal why the broker does not take it, null if it does
     */
    record Outcome(RecordMetadata at, KafkaException refusal) {

        boolean isTooLarge() {
            return refusal instanceof RecordTooLargeException || refusal instanceof RecordBatchTooLargeException;
        }
    }

    /**
     * Sends records and blocks until all outcomes are known.
     *
     * @return the outcome of each
     * @throws KafkaException if an outcome is unknown
     */
    List<Outcome> send(List<ProducerRecord<byte[], byte[]>> records) {
        try {
            return start(records).stream().map(RedriveSender::outcome).toList();
        } catch (RuntimeException e) {
            // Records still buffered must not be sent any more.
            close();
            throw e;
        }
    }

    private List<Future<RecordMetadata>> start(List<ProducerRecord<byte[], byte[]>> records) {
        if (producer == null) {
            producer = connections.producer("redrive-sender", Map.of(
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis(),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) (delivery.toMillis() * REQUEST_SHARE),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) delivery.toMillis(), ProducerConfig.LINGER_MS_CONFIG, 0,
                    // No batching: Kafka's producer cannot split a batch with one record that is too large, retries
                    // it unchanged, and finally fails all its records.
                    ProducerConfig.BATCH_SIZE_CONFIG, 0,
                    // A record that was compressed where it comes from may fit its topic only if it is.
                    ProducerConfig.COMPRESSION_TYPE_CONFIG, CompressionType.GZIP.name));
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            Future<RecordMetadata> outcome = producer.send(record);
            sent.add(outcome);
            if (outcome.isDone()) {
                // Failed at once, for instance without a broker: further sends would only block as long again.
                outcome(outcome);
            }
        }
        return sent;
    }

    /** What is refused for good must not hold up the others. */
    private static Outcome outcome(Future<RecordMetadata> sent) {
        try {
            return new Outcome(KafkaFutures.await(sent), null);
        } catch (RecordTooLargeException | RecordBatchTooLargeException | InvalidRecordException | InvalidTimestampException
                | InvalidTopicException | PolicyViolationException | TopicAuthorizationException e) {
            return new Outcome(null, e);
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
