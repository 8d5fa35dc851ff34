package io.orderstream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.order.Order;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.TopicClient;

/** What all contenders share: a broker and an endpoint in JVMs of their own, and a registry. */
final class Bench implements AutoCloseable {

    /** Of the JVM of each contender. */
    static final List<String> JVM_OPTIONS = List.of("-Xmx512m");
    /** What is left of a run. */
    static final Path OUTPUT = Path.of("target", "bench");

    private final BrokerProcess broker;
    private final EmbeddedRegistry registry;
    private final TopicClient topics;
    private Endpoint endpoint;
    private int runs;

    /** @param directory where the broker keeps its data */
    Bench(Path directory) throws IOException {
        registry = new EmbeddedRegistry(0, null);
        broker = new BrokerProcess(directory, List.of("-Xmx1g")).start();
        topics = new TopicClient(broker.bootstrapServers());
    }

    /** Encodes orders as those of this topic. */
    AvroEncoder<Order> encoder(String topic) {
        ObjectMapper json = new ObjectMapper();
        try {
            String body = json.writeValueAsString(Map.of("schema", Order.getClassSchema().toString()));
            HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + topic + "-value/versions"))
                    .POST(HttpRequest.BodyPublishers.ofString(body)).build();
            String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
            return new AvroEncoder<>(Order.class, json.readTree(answer).required("id").asInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where broker and registry are, as environment variables. */
    Map<String, String> environment() {
        return Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "SCHEMA_REGISTRY_URL", registry.url());
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    TopicClient topics() {
        return topics;
    }

    /** The process of the broker. */
    ProcessHandle broker() {
        return broker.handle();
    }

    /** The endpoint for orders, started when it is first asked for. */
    Endpoint endpoint() {
        if (endpoint == null) {
            endpoint = new Endpoint();
        }
        return endpoint;
    }

    /** Runs a contender in a group of its own, seen by an endpoint that knows nothing of the one before. */
    Measurement measure(Contender contender, BenchOrders orders) {
        if (endpoint != null) {
            endpoint.reset();
        }
        return contender.run(orders, group(contender.name()));
    }

    /** A consumer group nobody else has. */
    String group(String name) {
        return name.replaceAll("\\W+", "-") + "-" + ++runs;
    }

    @Override
    public void close() {
        if (endpoint != null) {
            endpoint.close();
        }
        topics.close();
        registry.close();
        broker.close();
    }
}
