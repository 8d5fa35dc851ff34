package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.TopicClient;

/** Sends orders, and looks for their dead letters, as another program would. */
final class OrderTraffic {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TopicClient topics;
    private final OrderSettings settings;
    private final AvroEncoder<Order> encoder;

    OrderTraffic(TopicClient topics, OrderSettings settings, OrderFormat format) {
        this.topics = topics;
        this.settings = settings;
        this.encoder = format.encoder().await().atMost(PATIENCE);
    }

    RecordMetadata send(String orderId) {
        return topics.send(settings.topic(), key(orderId), encode(orderId));
    }

    byte[] encode(String orderId) {
        return encoder.encode(Order.newBuilder().setOrderId(orderId).setProduct("Laptop").setPrice(10).build());
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
        return topics.read(settings.dlqTopic()).stream().filter(letter -> Arrays.equals(letter.key(), key(key))).toList();
    }

    /** The dead letter with this key, of which there must be one. */
    ConsumerRecord<byte[], byte[]> awaitDeadLetter(String key) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters(key)).as("dead letter of " + key).hasSize(1));
        return deadLetters(key).get(0);
    }

    static byte[] key(String orderId) {
        return orderId.getBytes(StandardCharsets.UTF_8);
    }
}
