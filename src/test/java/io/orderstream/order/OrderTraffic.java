package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.TopicClient;

/** Sends orders, and looks for their dead letters, as another program would. */
public final class OrderTraffic {

    private final TopicClient topics;
    private final OrderSettings settings;
    private final AvroEncoder<Order> encoder;

    public OrderTraffic(TopicClient topics, OrderSettings settings, OrderFormat format) {
        this.topics = topics;
        this.settings = settings;
        this.encoder = format.encoder().await().atMost(PATIENCE);
    }

    RecordMetadata send(String orderId) {
        return topics.send(settings.topic(), key(orderId), encode(orderId));
    }

    public byte[] encode(String orderId) {
        return encoder.encode(Order.newBuilder().setOrderId(orderId).setProduct("Laptop").setPrice(10).build());
    }

    /** A record for the retry topic, of an order that is said to have been at offset 17 of partition 0. */
    ProducerRecord<byte[], byte[]> retry(String orderId, int attempts, Instant due) {
        Map<String, String> headers = Map.of("retry-attempts", Integer.toString(attempts), "retry-due", due.toString(),
                "retry-topic", settings.topic(), "retry-partition", "0", "retry-offset", "17", "retry-timestamp",
                Instant.EPOCH.toString());
        return new ProducerRecord<>(settings.retryTopic(), 0, key(orderId), encode(orderId),
                headers.entrySet().stream().<Header> map(header -> new RecordHeader(header.getKey(),
                        header.getValue().getBytes(StandardCharsets.UTF_8))).toList());
    }

    public List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
        return topics.read(settings.dlqTopic()).stream().filter(letter -> Arrays.equals(letter.key(), key(key))).toList();
    }

    /** The dead letter with this key, of which there must be one. */
    public ConsumerRecord<byte[], byte[]> awaitDeadLetter(String key) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters(key)).as("dead letter of " + key).hasSize(1));
        return deadLetters(key).get(0);
    }

    public static byte[] key(String orderId) {
        return orderId.getBytes(StandardCharsets.UTF_8);
    }
}
