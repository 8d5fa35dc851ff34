package peers;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.RecordContext;

/**
 * Consumes orders with Confluent's Parallel Consumer, in order for each key. It has no dead letters, so they are written here.
 */
public final class ParallelConsumer {

    private static final Map<String, String> ENVIRONMENT = System.getenv();
    private static final int RETRIES = 3;

    private final OrderService service = new OrderService();
    private final Producer<byte[], byte[]> deadLetters = new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, ENVIRONMENT.get("KAFKA_BOOTSTRAP_SERVERS")),
            new ByteArraySerializer(), new ByteArraySerializer());

    private ParallelConsumer() {
    }

    public static void main(String[] args) {
        ParallelConsumer consumer = new ParallelConsumer();
        ParallelStreamProcessor<byte[], byte[]> processor = ParallelStreamProcessor.createEosStreamProcessor(
                ParallelConsumerOptions.<byte[], byte[]> builder()
                        .ordering(ProcessingOrder.KEY)
                        .maxConcurrency(Integer.parseInt(ENVIRONMENT.get("CONCURRENCY")))
                        .retryDelayProvider(
                                record -> Duration.ofSeconds(1L << Math.max(0, record.getNumberOfFailedAttempts() - 1)))
                        .consumer(new KafkaConsumer<>(
                                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, ENVIRONMENT.get("KAFKA_BOOTSTRAP_SERVERS"),
                                        ConsumerConfig.GROUP_ID_CONFIG, ENVIRONMENT.get("CONSUMER_GROUP_ID"),
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                                new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                        .build());
        processor.subscribe(List.of(ENVIRONMENT.get("ORDERS_TOPIC")));
        processor.poll(polled -> consumer.process(polled.getSingleRecord()));
    }

    private void process(RecordContext<byte[], byte[]> record) {
        try {
            service.process(record.value());
        } catch (PoisonException e) {
            deadLetter(record.getConsumerRecord());
        } catch (RuntimeException e) {
            if (record.getNumberOfFailedAttempts() < RETRIES) {
                throw e;
            }
            deadLetter(record.getConsumerRecord());
        }
    }

    private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
        try {
            deadLetters.send(new ProducerRecord<>(ENVIRONMENT.get("ORDERS_DLQ_TOPIC"), record.key(), record.value())).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        service.deadLettered();
    }
}
