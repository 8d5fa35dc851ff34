package io.orderstream.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.orderstream.order.Order;

/**
 * The least a consumer can do, and so the measure of the others: kafka-clients alone decode, sum, and commit once a second. It
 * retries nothing, and has no dead letters.
 */
public final class BareLoop {

    private static final int HEADER_BYTES = 5;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    private final SpecificDatumReader<Order> reader = new SpecificDatumReader<>(Order.class);
    private final Latencies latencies = Latencies.ifAsked();
    private BinaryDecoder decoder;
    private Order order;
    private long records;
    private long cents;

    private BareLoop() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", environment.get("KAFKA_BOOTSTRAP_SERVERS"), "group.id",
                        environment.get("CONSUMER_GROUP_ID"), "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(environment.get("ORDERS_TOPIC")));
            new BareLoop().consume(consumer, Long.parseLong(environment.get("BENCH_RECORDS")));
            consumer.commitSync();
            // Its peak memory is read from outside.
            new CountDownLatch(1).await();
        }
    }

    private void consume(KafkaConsumer<byte[], byte[]> consumer, long expected) throws IOException {
        SelfReport report = new SelfReport();
        long nextCommit = System.nanoTime() + COMMIT_INTERVAL.toNanos();
        while (records < expected) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (records == 0 && !polled.isEmpty()) {
                report.started();
            }
            for (ConsumerRecord<byte[], byte[]> each : polled) {
                add(each.value());
            }
            if (System.nanoTime() - nextCommit >= 0) {
                consumer.commitAsync();
                nextCommit += COMMIT_INTERVAL.toNanos();
            }
        }
        report.finished(records, cents, 0);
    }

    private void add(byte[] value) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
        order = reader.read(order, decoder);
        cents += Math.round(order.getPrice() * 100.0);
        records++;
        if (latencies != null) {
            latencies.add(order.getOrderId());
        }
    }
}
