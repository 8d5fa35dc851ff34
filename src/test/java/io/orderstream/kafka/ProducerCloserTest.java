package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.Ports;

class ProducerCloserTest {

    private final ProducerCloser closer = new ProducerCloser(null);

    @Test
    void shouldEndTheWaitOfADeadLetterForTheBrokerAndOfNothingElse() {
        // Given
        CompletableFuture<Void> letter = sending("kafka-dead-letter-topic-producer-kafka-consumer-orders-in");
        CompletableFuture<Void> order = sending("kafka-producer-orders-out");

        // When
        closer.closeDeadLetters(null);

        // Then
        await().atMost(PATIENCE).until(letter::isDone);
        assertThat(order).isNotDone();

        // When
        closer.close(null);

        // Then
        await().atMost(PATIENCE).until(order::isDone);
    }

    /** A write to a topic nothing is known of, which waits on the thread that writes. */
    private CompletableFuture<Void> sending(String client) {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "localhost:" + Ports.free(), "client.id", client, "max.block.ms",
                        Long.toString(Long.MAX_VALUE)),
                new ByteArraySerializer(), new ByteArraySerializer());
        closer.made(producer);
        return CompletableFuture.runAsync(() -> producer.send(new ProducerRecord<>("letters", new byte[1])),
                task -> new Thread(task).start());
    }
}
