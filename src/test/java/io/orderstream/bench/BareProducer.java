package io.orderstream.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.orderstream.order.Order;
import io.orderstream.order.RandomOrders;
import io.orderstream.schema.AvroEncoder;

/** The least a producer of orders can do, with the settings of the generator: makes and sends them, as fast as it can. */
public final class BareProducer {

    private BareProducer() {
    }

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> environment = System.getenv();
        AvroEncoder<Order> encoder = new AvroEncoder<>(Order.class, 1);
        Random random = new Random();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", environment.get("KAFKA_BOOTSTRAP_SERVERS"), "acks", "all", "enable.idempotence",
                        "true"),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long left = Long.parseLong(environment.get("ORDERS_COUNT")); left > 0; left--) {
                Order order = RandomOrders.next(random);
                producer.send(new ProducerRecord<>(environment.get("ORDERS_TOPIC"),
                        order.getOrderId().getBytes(StandardCharsets.UTF_8), encoder.encode(order)));
            }
        }
        // Its memory is read from outside.
        new CountDownLatch(1).await();
    }
}
