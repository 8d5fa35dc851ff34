package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.event.Events;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.ApiDescription;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.Ports;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.Scrape.Sample;

/** The application comes first; what it needs comes later, and it neither ends nor has to be started again. */
@Tag("full")
class StartOrderIT {

    private static final String LISTENING = "Listening on: (http://[^:]+:\\d+)\\..* listening on (http://[^:]+:\\d+)";
    private static final String STARTED = "orderstream started";
    private static final String BROKER = "kafka broker";

    @TempDir
    Path directory;

    private final int registryPort = Ports.free();
    private BrokerProcess broker;
    private EmbeddedRegistry registry;
    private AppProcess app;
    private String url;
    private String management;
    private OrderApp api;
    private OrderApp probes;

    @BeforeEach
    void chooseBroker() {
        broker = new BrokerProcess(directory, JavaPrograms.FRUGAL);
    }

    @AfterEach
    void endAll() {
        app.close();
        broker.close();
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void shouldWaitForRegistryAndBrokerThatComeLater() throws IOException {
        // Given
        start(broker.bootstrapServers(), List.of());

        // Then
        awaitDown("/q/health/started", STARTED, "the broker at " + broker.bootstrapServers(),
                "the registry at http://localhost:" + registryPort);
        awaitDown("/q/health/ready", BROKER, "the broker at " + broker.bootstrapServers() + " does not answer within 2 s");
        assertThat(status("/q/health/live")).isEqualTo("UP");
        Answer refused = publish();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text("message")).contains(broker.bootstrapServers()).contains("does not answer");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        assertThatGroupsAreNotKnown("the broker does not answer");
        assertThat(lags()).isEmpty();
        assertThat(Scrape.of(management).find("orderstream_revenue")).as("what nobody knows yet").singleElement()
                .matches(revenue -> Double.isNaN(revenue.value()));

        // When
        registry = new EmbeddedRegistry(registryPort, null);

        // Then
        await().atMost(PATIENCE).until(() -> !check("/q/health/started", STARTED).contains("registry"));
        awaitDown("/q/health/started", STARTED, "the broker at");

        // When
        broker.start();

        // Then
        awaitOrders();
        assertThat(publish().status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> !lags().isEmpty());
        await().atMost(PATIENCE).until(() -> new ApiClient(url).get("/api/instances").status() == 200);
        await().atMost(PATIENCE).until(() -> Scrape.of(management).sum("orderstream_revenue") > 0);

        // And when the broker goes, no old lag is shown
        broker.close();
        await().atMost(PATIENCE).until(() -> lags().isEmpty());
    }

    @Test
    void shouldWaitUntilTheNameOfTheBrokerCanBeResolved() throws IOException {
        // Given
        registry = new EmbeddedRegistry(registryPort, null);
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        String servers = broker.bootstrapServers().replace("localhost", "broker.example");
        start(servers, List.of("-Djdk.net.hosts.file=" + hosts, "-Dsun.net.inetaddr.negative.ttl=1"));

        // Then
        awaitDown("/q/health/started", STARTED, "no host name of " + servers + " can be resolved");
        awaitDown("/q/health/ready", BROKER, "no host name of " + servers + " can be resolved");
        assertThat(status("/q/health/live")).isEqualTo("UP");
        assertThatGroupsAreNotKnown(servers);

        // When
        Files.writeString(hosts, "127.0.0.1 localhost broker.example\n");
        app.awaitLine("host name of the broker is resolved", PATIENCE);
        broker.start();

        // Then
        awaitOrders();
    }

    /** The answer comes in a bounded time, and is as it is described. */
    private void assertThatGroupsAreNotKnown(String reason) {
        Answer unknown = new ApiClient(url).get("/api/instances");
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.text("detail")).contains(reason);
        assertThat(unknown.header("Retry-After")).isEqualTo("5");
        ApiDescription description = new ApiDescription(new ApiClient(management).get("/q/openapi?format=json").body());
        assertThat(description.operation("GET /api/instances").get("responses").has("503")).isTrue();
        assertThat(description.faults("GET /api/instances", unknown)).isEmpty();
        Answer notWritten = publish();
        assertThat(notWritten.status()).isEqualTo(503);
        assertThat(description.faults("POST /api/events", notWritten)).isEmpty();
    }

    private void start(String bootstrapServers, List<String> options) {
        Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
        settings.putAll(Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers, "SCHEMA_REGISTRY_URL",
                "http://localhost:" + registryPort, "LAG_MONITOR_INTERVAL", "1s", "SPOOL_DIRECTORY",
                directory.resolve("spool").toString()));
        List<String> all = new ArrayList<>(JavaPrograms.FRUGAL);
        all.addAll(options);
        app = JavaPrograms.packaged(Jdks.own(), all, settings);
        MatchResult listening = app.awaitLine(LISTENING, PATIENCE);
        url = listening.group(1).replace("0.0.0.0", "localhost");
        api = new OrderApp(url);
        management = listening.group(2).replace("0.0.0.0", "localhost");
        probes = new OrderApp(management);
    }

    private List<Sample> lags() {
        return Scrape.of(management).find("kafka_consumer_lag").toList();
    }

    private Answer publish() {
        return new ApiClient(url).post("/api/events", Events.event("file-added", "e-1", "f-1").encode());
    }

    private void awaitDown(String probe, String check, String... words) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(check(probe, check)).contains("\"DOWN\"").contains(words));
        assertThat(status(probe)).isEqualTo("DOWN");
    }

    private void awaitOrders() {
        await().atMost(PATIENCE).until(() -> status("/q/health/started").equals("UP"));
        await().atMost(PATIENCE).until(() -> status("/q/health/ready").equals("UP"));
        await().atMost(PATIENCE).until(() -> api.finished() > 2);
        assertThat(status("/q/health/live")).isEqualTo("UP");
        assertThat(app.isAlive()).isTrue();
        assertThat(app.matches(".*ERROR.*")).extracting(MatchResult::group).isEmpty();
    }

    private String status(String probe) {
        return probes.get(probe).get("status").asText();
    }

    private String check(String probe, String name) {
        for (JsonNode check : probes.get(probe).get("checks")) {
            if (check.get("name").asText().equals(name)) {
                return check.toString();
            }
        }
        throw new AssertionError("no check '" + name + "' in " + probes.get(probe));
    }
}
