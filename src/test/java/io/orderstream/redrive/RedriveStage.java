package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.TopicClient;

/** The packaged application with an operator's account, beside a broker with dead letters of its own and of others. */
final class RedriveStage implements AutoCloseable {

    private static final String LISTENING = "Listening on: http://[^:]+:(\\d+)";
    private static final String CREDENTIALS = "olga:secret";

    final PackagedApps apps;
    final TopicClient topics;
    final Map<String, String> settings;

    private AppProcess app;
    private String url;

    RedriveStage(Path directory) throws IOException {
        apps = new PackagedApps(directory);
        topics = new TopicClient(apps.bootstrapServers());
        settings = new HashMap<>(PackagedApps.ownTopics());
        settings.putAll(Map.of("ORDERS_COUNT", "0", "ERROR_SIMULATION_RATE", Double.toString(Workload.ERROR_RATE),
                "RETRY_BACKOFF_SECONDS", "0.01", "COMMIT_INTERVAL", "200ms", "SESSION_TIMEOUT", "6s"));
        settings.putAll(Map.of("DLQ_TOPICS", foreignDlq(), "OPERATOR_USER", "olga", "OPERATOR_PASSWORD", "secret"));
        topics.create(foreignTopic(), 2);
        topics.create(foreignDlq(), 2);
        startApplication();
    }

    String ordersTopic() {
        return settings.get("ORDERS_TOPIC");
    }

    String ordersDlq() {
        return settings.get("ORDERS_DLQ_TOPIC");
    }

    /** A topic nobody here consumes. */
    String foreignTopic() {
        return ordersTopic() + "-foreign";
    }

    String foreignDlq() {
        return foreignTopic() + "-dlq";
    }

    /** Starts the application, for the first time or again. */
    void startApplication() {
        app = apps.start(Jdks.own(), settings);
        url = "http://localhost:" + app.awaitLine(LISTENING, PATIENCE).group(1);
        operator().awaitJobsRead(PATIENCE);
    }

    /** Ends it as {@code kill -9} does. */
    void killApplication() {
        app.kill();
        app.awaitExit(PATIENCE);
    }

    OperatorClient operator() {
        return new OperatorClient(url, CREDENTIALS);
    }

    /** The letters; {@code query} begins with a question mark, or is empty. */
    JsonNode letters(String query) {
        return new OrderApp(url).get("/api/dead-letters" + query);
    }

    JsonNode summary() {
        return letters("/summary");
    }

    /** Orders for the application, whose schema it has registered itself. */
    Workload workload() {
        OrderApp registry = new OrderApp(apps.registryUrl());
        String latest = "/subjects/" + ordersTopic() + "-value/versions/latest";
        int schemaId = await().atMost(PATIENCE).until(() -> registry.get(latest).path("id").asInt(-1), id -> id > 0);
        return new Workload(ordersTopic(), schemaId);
    }

    /** The figures of the whole group, once so many orders are at their end in its commits. */
    JsonNode awaitGroup(long finished) {
        OrderApp api = new OrderApp(url);
        return await().atMost(PATIENCE).until(() -> api.stats().path("group"),
                group -> group.path("processed").asLong() + group.path("deadLettered").asLong() == finished);
    }

    /** A job, once it is as it is expected. */
    JsonNode awaitJob(String id, Predicate<JsonNode> expected) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> operator().job(id).body(), expected);
    }

    JsonNode awaitState(String id, String state) {
        return awaitJob(id, job -> state.equals(job.path("state").asText()));
    }

    /** What a job has written to a topic, in the order of partitions and offsets. */
    List<ConsumerRecord<byte[], byte[]>> redriven(String topic, String jobId) {
        return topics.read(topic).stream()
                .filter(record -> Arrays.stream(record.headers().toArray()).anyMatch(
                        header -> header.key().equals("redrive-id") && text(header).equals(jobId)))
                .toList();
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        topics.close();
        apps.close();
    }
}
