package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.Scrape;
import io.strimzi.api.kafka.model.topic.KafkaTopic;

/**
 * The application with the environment of the overlay strimzi, which is that of production, beside a broker that asks
 * for TLS and SASL, and whose authorizer holds it to the rights of its KafkaUser.
 */
@Tag("full")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class SecuredKafkaIT {

    private static final String USER = "orderstream-kafka";
    private static final ResourcePattern GROUPS = new ResourcePattern(ResourceType.GROUP, "order-processor-group",
            PatternType.PREFIXED);
    private static final String PASSWORD = "it's a \\\"secret\\\", pa$$word ${x}";
    private static final String PASSWORD_AS_TYPED = PASSWORD.replace("\\", "");
    private static final String EVENT = """
            {"eventId": "1", "eventType": "user-deleted", "eventVersion": "1.0", "eventTime": "2026-01-01T00:00:00Z",
             "payload": {"userId": "u", "deletedAt": "2026-01-01T00:00:00Z"}}""";
    /** Every producer and every reader there is has something to do. */
    private static final String[] ALL = { "ORDERS_COUNT=50", "ORDERS_INTERVAL=5ms", "ORDERS_ID_START=1001",
            "ERROR_SIMULATION_RATE=0.5", "RETRY_MODE=topic", "RETRY_BACKOFF_SECONDS=0.1", "EVENTS_COUNT=5",
            "EVENTS_INTERVAL=5ms",
            "ITEM_ORDERS_COUNT=5", "ITEM_ORDERS_INTERVAL=5ms", "OPERATOR_USER=operator", "OPERATOR_PASSWORD=o" };
    private static final String ITEM_ORDER = """
            {"order_id": "1", "user": "u", "item": "i", "quantity": 1}""";

    @TempDir
    private Path directory;

    private Manifests overlay;
    @AutoClose
    private SecuredBroker broker;
    @AutoClose
    private EmbeddedRegistry registry;
    @AutoClose
    private PodProcess application;

    @BeforeEach
    void startBrokerAndRegistry() throws Exception {
        overlay = Manifests.rendered(Manifests.STRIMZI);
        registry = new EmbeddedRegistry(0, null);
        broker = new SecuredBroker(directory, USER, PASSWORD_AS_TYPED);
        broker.make(overlay.all(KafkaTopic.class));
    }

    @Test
    void shouldDoAllItDoesWithTheRightsItIsGiven() throws Exception {
        // Given
        broker.grant(overlay.all("KafkaUser").get(0));

        // When
        start(ALL);

        // Then
        assertThatItDoesAllItDoes();
        application.stop();
        assertThat(application.process().lines()).noneMatch(line -> line.matches("(?i).*authoriz.*"));
    }

    @Test
    void shouldSayThatItMayNotAsLongAsItHasNoRightsAndDoAllOnceItHasThem() throws Exception {
        // Given
        broker.setPassword("another");

        // When
        start(ALL);

        // Then
        ApiClient api = new ApiClient(application.url());
        application.process().awaitLine("waiting for the broker: .*(?i:authentication)", PATIENCE);
        assertThat(api.post("/api/events", EVENT).status()).isEqualTo(503);
        assertThat(api.get("/api/orders/stats").status()).isEqualTo(200);
        assertThat(application.isLive()).isTrue();

        // When
        broker.setPassword(PASSWORD_AS_TYPED);

        // Then
        application.process().awaitLine("waiting for the broker: .*(?i:authoriz)", PATIENCE);
        assertThat(application.hasStarted()).isFalse();

        // When
        broker.grant(overlay.all("KafkaUser").get(0));

        // Then
        assertThatItDoesAllItDoes();
        assertThat(api.post("/api/events", EVENT).status()).isEqualTo(202);
        assertThat(api.post("/api/item-orders", ITEM_ORDER).status()).isEqualTo(202);
    }

    @Test
    void shouldSayWhichRightsWereTakenAwayAndGoOnWhenTheyAreBack() throws Exception {
        // Given
        broker.grant(overlay.all("KafkaUser").get(0));
        start("ORDERS_COUNT=0", "RETRY_MODE=topic");
        await().atMost(PATIENCE).until(application::hasStarted);
        await().atMost(PATIENCE).until(application::isReady);
        ApiClient api = new ApiClient(application.url());

        // When
        broker.change(GROUPS, AclOperation.READ, false);
        broker.change(topic("events"), AclOperation.WRITE, false);
        broker.change(topic("item-orders-dlq"), AclOperation.READ, false);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(check("consumers").get("status").asText()).isEqualTo("DOWN");
            assertThat(check("consumers").at("/data/orders-in").asText())
                    .matches("failing: seconds=\\d+ reason=\"GroupAuthorizationException: .*order-processor-group\"");
            assertThat(check("consumers").at("/data/events-in").asText()).isEqualTo("consuming");
            assertThat(check("readers").get("status").asText()).isEqualTo("UP");
            assertThat(check("readers").at("/data/item-orders-dlq").asText()).startsWith("TopicAuthorizationException: ");
            assertThat(application.process().matches("consumer fails: channel=orders-in ")).hasSize(1);
            assertThat(Scrape.of(application.managementUrl()).sum("orderstream_consumer_failing", "channel", "orders-in"))
                    .isEqualTo(1);
        });
        assertThat(application.isLive()).isTrue();
        await().atMost(PATIENCE).untilAsserted(() -> {
            Answer refused = api.post("/api/events", EVENT);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body().toString()).contains("Not authorized to access topics: [events]");
        });

        // When
        broker.change(GROUPS, AclOperation.READ, true);
        broker.change(topic("events"), AclOperation.WRITE, true);
        broker.change(topic("item-orders-dlq"), AclOperation.READ, true);

        // Then
        await().atMost(PATIENCE).until(() -> api.post("/api/events", EVENT).status() == 202);
        await().atMost(PATIENCE).until(application::isReady);
        await().atMost(PATIENCE).until(() -> check("readers").path("data").isEmpty());
        assertThat(application.process().matches("consumer works again: channel=orders-in ")).hasSize(1);
        assertThat(application.process().lines()).filteredOn(line -> line.contains("GroupAuthorizationException"))
                .as("one line, not one for each poll").hasSizeLessThan(4);
    }

    private void assertThatItDoesAllItDoes() {
        await().atMost(PATIENCE).until(application::hasStarted);
        await().atMost(PATIENCE).until(application::isReady);
        OrderApp api = new OrderApp(application.url());
        await().atMost(PATIENCE).until(() -> api.finished() == 50);
        for (String pipeline : List.of("events", "tracker")) {
            await().atMost(PATIENCE).until(() -> api.get("/api/" + pipeline + "/stats").get("received").asLong() == 5);
        }
        await().atMost(PATIENCE).until(() -> api.get("/api/dead-letters/summary").get("letters").asLong() > 0);
        assertThat(redriven()).isPositive();
        await().atMost(PATIENCE).until(() -> api.finished() > 50);
    }

    private static ResourcePattern topic(String name) {
        return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
    }

    private JsonNode check(String name) {
        return StreamSupport.stream(new ApiClient(application.managementUrl()).get("/q/health/ready").body().get("checks")
                .spliterator(), false).filter(check -> check.get("name").asText().equals(name)).findFirst().orElseThrow();
    }

    private long redriven() {
        OperatorClient operator = new OperatorClient(application.url(), "operator:o");
        operator.awaitJobsRead(PATIENCE);
        String id = operator.redrive("{\"filter\": {}, \"ratePerSecond\": 1000}").text("id");
        await().atMost(PATIENCE).until(() -> operator.job(id).text("state").equals("finished"));
        return operator.job(id).body().path("sent").asLong();
    }

    private void start(String... more) throws IOException {
        Workload workload = Workload.application(overlay);
        Map<String, String> environment = new HashMap<>(
                new Here().with("kafka-kafka-bootstrap.kafka.svc:9093", broker.address())
                        .with("/etc/orderstream/kafka/ca.crt", broker.authority())
                        .with("https://schema-registry.example.com", registry.url())
                        .with("/var/lib", directory)
                        .translate(Environment.of(overlay, workload, this::secret)));
        Stream.of(more).map(setting -> setting.split("=", 2)).forEach(setting -> environment.put(setting[0], setting[1]));
        application = new PodProcess(workload, environment, Files.createDirectory(directory.resolve("work")));
    }

    /** As Strimzi's user operator writes it. */
    private String secret(String name, String key) {
        assertThat(new SecretKeySelector(key, name, false)).isEqualTo(new SecretKeySelector("sasl.jaas.config", USER, false));
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, PASSWORD);
    }
}
