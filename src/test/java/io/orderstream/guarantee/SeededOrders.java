package io.orderstream.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.order.Order;
import io.orderstream.schema.Frames;

/** Orders for a topic with numbered ids and prices of whole cents, the same for the same seed. */
final class SeededOrders {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IDS = 1_000_000;
    private static final int MOST_CENTS = 99_999;

    private final String topic;
    private final int schemaId;

    /** @param registryUrl where the schema is registered for the topic */
    SeededOrders(String topic, String registryUrl) {
        this(topic, registryUrl, Order.getClassSchema());
    }

    /** @param schema the order's, with other properties: under an id of its own */
    SeededOrders(String topic, String registryUrl, Schema schema) {
        this.topic = topic;
        this.schemaId = register(URI.create(registryUrl + "/subjects/" + topic + "-value/versions"), schema);
    }

    private static int register(URI versions, Schema schema) {
        try {
            String request = JSON.writeValueAsString(Map.of("schema", schema.toString()));
            String answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(versions)
                    .POST(BodyPublishers.ofString(request)).build(), BodyHandlers.ofString()).body();
            return JSON.readTree(answer).required("id").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<ProducerRecord<byte[], byte[]>> make(int number, RandomGenerator random) {
        // The faults follow from the ids: another seed has others.
        int first = random.nextInt(IDS);
        return make(IntStream.range(first, first + number).mapToObj(id -> "chaos-" + id), random);
    }

    /** An order for each of these ids; orders of one id differ in their prices. */
    List<ProducerRecord<byte[], byte[]>> make(Stream<String> ids, RandomGenerator random) {
        return ids.map(id -> record(id, random.nextInt(MOST_CENTS))).toList();
    }

    private ProducerRecord<byte[], byte[]> record(String id, int cents) {
        Order order = Order.newBuilder().setOrderId(id).setProduct("Notebook").setPrice(cents / 100f).build();
        return new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8),
                Frames.frame(schemaId, Order.getClassSchema(), order));
    }
}
