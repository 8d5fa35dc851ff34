package io.orderstream.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.orderstream.bench.OrderId.Kind;
import io.orderstream.order.Order;
import io.orderstream.schema.AvroEncoder;

/** A topic of orders that contenders read: those that are there, and if so wanted others that come while it is read. */
final class BenchOrders {

    private static final int CHUNK = 10_000;
    private static final double SECOND_MICROS = 1e6;
    private static final long PAUSE_NANOS = 500_000;

    private final Bench bench;
    private final String topic;
    private final OrderMix mix;
    private final Map<String, String> settings;
    private final AvroEncoder<Order> encoder;
    // The same orders each time.
    private final Random random = new Random(1);
    private volatile long records;
    private volatile boolean ended;
    private long cents;
    private long poison;
    private long expected;
    private Runnable later = () -> {
    };
    private CompletableFuture<Void> all = CompletableFuture.completedFuture(null);

    /**
     * Makes the topic and writes the orders.
     *
     * @param settings of the contenders that read them, as environment variables
     */
    BenchOrders(Bench bench, String topic, OrderMix mix, Map<String, String> settings) {
        this.bench = bench;
        this.topic = topic;
        this.mix = mix;
        this.settings = settings;
        this.encoder = bench.encoder(topic);
        bench.topics().create(topic, mix.partitions());
        bench.topics().create(deadLetterTopic(), mix.partitions());
        int chunk = Math.max(1, CHUNK / (1 + mix.bytes() / 100));
        while (records < mix.orders()) {
            List<ProducerRecord<byte[], byte[]>> orders = new ArrayList<>(chunk);
            while (orders.size() < chunk && records < mix.orders()) {
                orders.add(next(mix.kind(records), 0, null));
            }
            bench.topics().send(orders);
        }
    }

    private String deadLetterTopic() {
        return topic + "-dlq";
    }

    private ProducerRecord<byte[], byte[]> next(Kind kind, long micros, Integer partition) {
        Order order = mix.order(random, new OrderId(kind, micros, partition == null ? 0 : partition), records++);
        if (kind == Kind.POISON) {
            poison++;
        } else {
            cents += Math.round(order.getPrice() * 100.0);
        }
        return new ProducerRecord<>(topic, partition, order.getOrderId().getBytes(StandardCharsets.UTF_8),
                encoder.encode(order));
    }

    /**
     * As soon as a contender reads, further orders come at a steady rate, partition by partition.
     *
     * @param warmUp of these, so many come first that are not timed
     */
    BenchOrders paced(double perSecond, long count, long warmUp) {
        long before = records;
        later = () -> all = CompletableFuture.runAsync(() -> write(perSecond, count, before + warmUp));
        expected = before + count;
        return this;
    }

    private void write(double perSecond, long count, long firstTimed) {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", bench.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            long start = OrderId.nowMicros();
            for (long sent = 0; sent < count && !ended; sent++) {
                // When it is due, not when it comes to it: a standstill of the writer is not the reader's gain.
                long due = start + (long) (sent * SECOND_MICROS / perSecond);
                while (OrderId.nowMicros() < due) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                Kind kind = mix.kind(records);
                producer.send(next(kind == Kind.ORDINARY && records < firstTimed ? Kind.WARMING_UP : kind, due,
                        (int) (records % mix.partitions())));
            }
        }
    }

    /** Orders that are there so far. */
    long written() {
        return records;
    }

    /** No more orders come than are there. */
    void end() {
        ended = true;
        all.join();
        expected = records;
    }

    /** A contender reads. */
    void isRead() {
        later.run();
        later = () -> {
        };
    }

    /** So many dead letters are there already. */
    BenchOrders withDeadLetters(int number) {
        for (int written = 0; written < number; written += CHUNK) {
            bench.topics()
                    .send(IntStream.range(written, Math.min(number, written + CHUNK)).mapToObj(this::deadLetter).toList());
        }
        return this;
    }

    private ProducerRecord<byte[], byte[]> deadLetter(int number) {
        Order order = mix.order(random, new OrderId(Kind.POISON, 0, 0), number);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(deadLetterTopic(),
                order.getOrderId().getBytes(StandardCharsets.UTF_8), encoder.encode(order));
        Map.of("dead-letter-reason", "HTTP 422 Unprocessable Entity", "dead-letter-kind", "poison", "dead-letter-topic", topic,
                "dead-letter-partition", "0", "dead-letter-offset", Integer.toString(number))
                .forEach((name, value) -> letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return letter;
    }

    /** What a contender has to be told, as environment variables. */
    Map<String, String> environment(String group) {
        Map<String, String> environment = new HashMap<>(bench.environment());
        environment.putAll(Map.of("ORDERS_TOPIC", topic, "ORDERS_DLQ_TOPIC", deadLetterTopic(), "CONSUMER_GROUP_ID", group,
                "BENCH_RECORDS", Long.toString(records())));
        environment.putAll(settings);
        return environment;
    }

    /** How many there are, or will be. */
    long records() {
        return Math.max(expected, records);
    }

    /** The sum of the prices of those that are not poison, when all are there. */
    long cents() {
        all.join();
        return cents;
    }

    /** How many have to become dead letters, when all are there. */
    long poison() {
        all.join();
        return poison;
    }

    /** How many dead letters there are. */
    long deadLetters() {
        return sum(bench.topics().ends(deadLetterTopic()));
    }

    /** How many orders a group has committed. */
    long committed(String group) {
        return sum(bench.topics().committed(group));
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The process of the broker. */
    ProcessHandle broker() {
        return bench.broker();
    }
}
