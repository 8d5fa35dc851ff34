package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.common.acl.AclBinding;
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
    private static final String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";";
    private static final String WRONG = "wrong-s3cret";
    /** Each of two dozen clients tries at least once in two seconds. */
    private static final Duration MANY_TRIES = Duration.ofSeconds(20);
    private static final int MOST_LINES = 20;
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
        assertThat(check("rights").path("data").isEmpty()).as("nothing is missing").isTrue();
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

    @Test
    void shouldNameEachRightThatIsTakenAway() throws Exception {
        // Given
        Manifest rights = overlay.all("KafkaUser").get(0);
        broker.grant(rights);
        start("ORDERS_COUNT=0", "RETRY_MODE=topic");
        await().atMost(PATIENCE).until(application::hasStarted);
        await().atMost(PATIENCE).until(application::isReady);
        assertThat(check("rights").path("data").isEmpty()).isTrue();

        // When
        broker.change(topic("events"), AclOperation.WRITE, false);

        // Then
        await().atMost(PATIENCE).until(() -> isNamed(topic("events"), AclOperation.WRITE));
        assertThat(check("rights").get("data")).as("only this one").hasSize(1);
        assertThat(check("rights").get("status").asText()).as("the pipelines do without").isEqualTo("UP");

        for (AclBinding right : broker.bindings(rights)) {
            // When
            if (!right.pattern().equals(topic("events")) || right.entry().operation() != AclOperation.WRITE) {
                broker.change(right.pattern(), right.entry().operation(), false);
            }

            // Then
            await(right.toString()).atMost(PATIENCE).until(() -> isNamed(right.pattern(), right.entry().operation()));
        }
        assertThat(check("rights").get("status").asText()).isEqualTo("DOWN");
        assertThat(application.process().matches("rights are missing: ")).as("one line when it changes")
                .hasSizeLessThanOrEqualTo(broker.bindings(rights).size() + 1);

        // When
        broker.grant(rights);

        // Then
        await().atMost(PATIENCE).until(() -> check("rights").path("data").isEmpty());
        await().atMost(PATIENCE).until(application::isReady);
    }

    @Test
    void shouldDoAllItDoesWithACertificateAndTakeARenewedOneWithoutARestart() throws Exception {
        // Given
        broker.grant(overlay.all("KafkaUser").get(0));
        Path files = Files.createDirectory(directory.resolve("certificates"));
        broker.hand(files, "ca.crt", "user.crt", "user.key");
        start(Stream.concat(Stream.of(ALL), Stream.of("KAFKA_SECURITY_PROTOCOL=SSL", "KAFKA_SASL_MECHANISM=",
                "KAFKA_SASL_JAAS_CONFIG=", "KAFKA_BOOTSTRAP_SERVERS=" + broker.certifiedAddress(),
                "QUARKUS_TLS_KAFKA_TRUST_STORE_PEM_CERTS=" + files.resolve("ca.crt"),
                "QUARKUS_TLS_KAFKA_KEY_STORE_PEM_USER_CERT=" + files.resolve("user.crt"),
                "QUARKUS_TLS_KAFKA_KEY_STORE_PEM_USER_KEY=" + files.resolve("user.key"))).toArray(String[]::new));
        assertThatItDoesAllItDoes();

        // When
        broker.restartWithOtherCertificates();

        // Then
        awaitReason("the certificate of the broker is of nobody that is trusted by quarkus.tls.kafka.trust-store");

        // When
        broker.hand(files, "ca.crt");

        // Then
        awaitReason("the broker does not take the certificate of quarkus.tls.kafka.key-store");

        // When
        broker.hand(files, "user.crt", "user.key");

        // Then
        await().atMost(PATIENCE).until(application::isReady);
        ApiClient api = new ApiClient(application.url());
        long received = api.get("/api/events/stats").body().get("received").asLong();
        await().atMost(PATIENCE).until(() -> api.post("/api/events", EVENT).status() == 202);
        await().atMost(PATIENCE)
                .until(() -> api.get("/api/events/stats").body().get("received").asLong() > received);
        long finished = new OrderApp(application.url()).finished();
        assertThat(redriven()).isPositive();
        await().atMost(PATIENCE).until(() -> new OrderApp(application.url()).finished() > finished);
    }

    @Test
    void shouldSayInOneSentenceWhyABrokerTakesNoConnection() throws Exception {
        broker.grant(overlay.all("KafkaUser").get(0));
        String[] plain = { "KAFKA_SECURITY_PROTOCOL=PLAINTEXT", "KAFKA_SASL_MECHANISM=", "KAFKA_SASL_JAAS_CONFIG=",
                "KAFKA_TLS_CONFIGURATION_NAME=" };
        assertThatItSays("the broker does not take the user or the password in KAFKA_SASL_JAAS_CONFIG: ",
                "KAFKA_SASL_JAAS_CONFIG=" + LOGIN.formatted(USER, WRONG));
        assertThatItSays("the broker does not take KAFKA_SASL_MECHANISM=SCRAM-SHA-256: ", "KAFKA_SASL_MECHANISM=SCRAM-SHA-256");
        assertThatItSays("the certificate of the broker is of nobody that is trusted by quarkus.tls.kafka.trust-store: ",
                "QUARKUS_TLS_KAFKA_TRUST_STORE_PEM_CERTS=" + broker.authority().resolveSibling("user.crt"));
        assertThatItSays("the certificate of the broker is not for the host name in KAFKA_BOOTSTRAP_SERVERS",
                "KAFKA_BOOTSTRAP_SERVERS=" + broker.address().replace("localhost", "127.0.0.1"));
        assertThatItSays("speaks TLS, but KAFKA_SECURITY_PROTOCOL is 'PLAINTEXT'", plain);
        assertThatItSays("does not speak TLS, but KAFKA_SECURITY_PROTOCOL is 'SASL_SSL'",
                "KAFKA_BOOTSTRAP_SERVERS=" + broker.openAddress());
    }

    /** In the answer of the check and in the log, and not with each try of each client for as long as that lasts. */
    private void assertThatItSays(String sentence, String... settings) throws IOException {
        start(Stream.concat(Stream.of(ALL), Stream.of(settings)).toArray(String[]::new));
        awaitReason(sentence);
        Instant since = Instant.parse(check("kafka broker").at("/data/since").asText());
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(since.plus(MANY_TRIES)));
        List<String> troubled = application.process().lines().stream()
                .filter(line -> line.matches(".*\"level\": ?\"(WARN|ERROR)\".*")).toList();
        assertThat(troubled).as("lines in %s", MANY_TRIES).hasSizeLessThanOrEqualTo(MOST_LINES)
                .anyMatch(line -> line.contains(sentence) && line.contains("waiting for the broker"));
        assertThat(application.process().lines()).noneMatch(line -> line.contains(WRONG));
        assertThat(application.isLive()).isTrue();
        application.close();
    }

    private void awaitReason(String sentence) {
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(check("kafka broker").at("/data/reason").asText()).contains(sentence));
    }

    private boolean isNamed(ResourcePattern resource, AclOperation operation) {
        String name = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + resource.name();
        return check("rights").path("data").properties().stream()
                .filter(entry -> resource.patternType() == PatternType.PREFIXED ? entry.getKey().startsWith(name)
                        : entry.getKey().equals(name))
                .anyMatch(entry -> entry.getValue().asText().toUpperCase(Locale.ROOT).contains("NO RIGHT " + operation + ":"));
    }

    private void assertThatItDoesAllItDoes() {
        await().atMost(PATIENCE).until(application::hasStarted);
        await().atMost(PATIENCE).until(application::isReady);
        OrderApp api = new OrderApp(application.url());
        await().atMost(PATIENCE).until(() -> api.finished() == 50);
        // What the generators of these write while the first connections are being made may fail, and is not written again.
        ApiClient publisher = new ApiClient(application.url());
        await().atMost(PATIENCE).until(() -> publisher.post("/api/events", EVENT).status() == 202);
        await().atMost(PATIENCE).until(() -> publisher.post("/api/item-orders", ITEM_ORDER).status() == 202);
        for (String pipeline : List.of("events", "tracker")) {
            await().atMost(PATIENCE).until(() -> api.get("/api/" + pipeline + "/stats").get("received").asLong() > 0);
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

    /** @param more further variables, which win; one without a value is not set at all */
    private void start(String... more) throws IOException {
        Workload workload = Workload.application(overlay);
        Map<String, String> environment = new HashMap<>(
                new Here().with("kafka-kafka-bootstrap.kafka.svc:9093", broker.address())
                        .with("/etc/orderstream/kafka/ca.crt", broker.authority())
                        .with("https://schema-registry.example.com", registry.url())
                        .with("/var/lib", directory)
                        .translate(Environment.of(overlay, workload, this::secret)));
        Stream.of(more).map(setting -> setting.split("=", 2)).forEach(setting -> environment.put(setting[0], setting[1]));
        environment.values().removeIf(String::isEmpty);
        application = new PodProcess(workload, environment, Files.createDirectories(directory.resolve("work")));
    }

    /** As Strimzi's user operator writes it. */
    private String secret(String name, String key) {
        assertThat(new SecretKeySelector(key, name, false)).isEqualTo(new SecretKeySelector("sasl.jaas.config", USER, false));
        return LOGIN.formatted(USER, PASSWORD);
    }
}
