package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.OrderLedger;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.PageFiles;
import io.orderstream.testsupport.Ports;

/** The application as it is shipped: what is in it, and what it does as a process beside a broker and a registry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackagedApplicationIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final String LISTENING = "Listening on: http://[^:]+:(\\d+)";
    private static final double HALF = 0.5;
    private static final String PASSWORD = " pa$$word ${x}, \\$ \\ # '\" ";

    private PackagedApps apps;

    @BeforeAll
    void startBrokerAndRegistry(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
    }

    @AfterEach
    void killWhatStillRuns() {
        apps.killAll();
    }

    @AfterAll
    void stopBrokerAndRegistry() {
        if (apps != null) {
            apps.close();
        }
    }

    @Test
    void shouldContainNeitherBrokerNorEmbeddedServers() throws IOException {
        // When
        List<String> libraries = jars("lib").map(jar -> jar.getFileName().toString()).toList();
        List<String> classes = Stream.concat(jars("app"), jars("quarkus")).flatMap(PackagedApplicationIT::entries).toList();

        // Then
        assertThat(libraries).filteredOn(jar -> jar.startsWith("org.apache.kafka."))
                .singleElement().asString().startsWith("org.apache.kafka.kafka-clients-");
        assertThat(libraries).noneMatch(jar -> jar.contains("scala"));
        assertThat(classes)
                .contains("io/orderstream/order/OrderPipeline.class", "io/orderstream/order/OrderPipeline_Bean.class")
                .noneMatch(name -> name.startsWith("io/orderstream/dev/"));
    }

    @Test
    void shouldStopTheStartWithOneSentence() {
        // Given
        Map<String, String> sentences = Map.of("MAX_RETRIES=-1",
                "MAX_RETRIES must be a whole number from 0 to 20, but is '-1'.", "FULFILMENT_URL=localhost:9999",
                "FULFILMENT_URL must be an http or https url such as https://example.org/orders, but is 'localhost:9999'.",
                "KAFKA_BOOTSTRAP_SERVERS=localhost",
                "KAFKA_BOOTSTRAP_SERVERS must be host:port with a port from 1 to 65535, or several separated by commas, but is "
                        + "'localhost'.",
                "OPERATOR_PASSWORD=p${x}w", "OPERATOR_USER must be set, since OPERATOR_PASSWORD is.", "ORDERS_DLQ_TOPIC=orders",
                "ORDERS_DLQ_TOPIC must name another topic than ORDERS_TOPIC, but both are 'orders'.",
                "KAFKA_COMPRESSION_TYPE=abc",
                "The Kafka property kafka.compression.type is invalid: Invalid value abc for configuration compression.type: "
                        + "String must be one of: none, gzip, snappy, lz4, zstd.",
                "QUARKUS_HTTP_IDLE_TIMEOUT=soon",
                "quarkus.http.idle-timeout cannot be read, since it is 'soon': Text cannot be parsed to a Duration");

        // When
        Map<String, AppProcess> refused = new HashMap<>();
        sentences.keySet().forEach(setting -> refused.put(setting, apps.start(Jdks.own(), Map.of(), setting)));

        // Then
        refused.forEach((setting, app) -> {
            assertThat(app.awaitExit(PATIENCE)).isOne();
            // Netty remarks on a machine that is slow.
            assertThat(app.lines()).filteredOn(line -> !line.contains("NettyRecorder")).containsExactly(sentences.get(setting));
        });
    }

    @Test
    void shouldProcessOrdersOfAnyBrokerAndRegistryAndAnswerProbes() throws Exception {
        // Given
        Map<String, String> settings = PackagedApps.ownTopics();
        int httpPort = Ports.free();
        int metricsPort = Ports.free();

        // When
        AppProcess app = apps.start(Jdks.own(), settings, "ORDERS_COUNT=50", "ORDERS_ID_START=1001", "ORDERS_INTERVAL=5ms",
                "ERROR_SIMULATION_RATE=" + HALF, "RETRY_BACKOFF_SECONDS=0.05", "HTTP_PORT=" + httpPort,
                "METRICS_PORT=" + metricsPort, "OPERATOR_USER=o${x}l$$ga", "OPERATOR_PASSWORD=" + PASSWORD);
        OrderApp api = listening(app);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isEqualTo(50));

        // Then
        OrderLedger ledger = apps.ledger(settings, HALF);
        assertThat(ledger.entries()).extracting(OrderLedger.Entry::id).containsExactlyInAnyOrderElementsOf(
                Stream.iterate(1001, id -> id + 1).limit(50).map(String::valueOf).toList());
        assertThatStatsAre(api.stats(), ledger);
        await().atMost(PATIENCE).untilAsserted(() -> assertThatStatsAre(api.stats().get("group"), ledger));
        assertThat(api.stats().get("partitions")).hasSize(6)
                .allSatisfy(partition -> assertThat(partition.get("lag").asLong()).isZero());
        assertThat(apps.deadLetters(settings)).containsExactlyInAnyOrderElementsOf(ledger.deadLetters());
        app.awaitLine("generator is done, the application keeps running: count=50", PATIENCE);
        assertThat(app.isAlive()).isTrue();

        // And an operator has the password that is set, and no other
        OperatorClient operator = new OperatorClient("http://localhost:" + httpPort, "o${x}l$$ga:" + PASSWORD);
        operator.awaitJobsRead(PATIENCE);
        assertThat(operator.redrive("{\"filter\":{},\"dryRun\":true}").status()).isEqualTo(200);

        // And probes and metrics are on a port of their own
        for (String probe : List.of("started", "ready", "live")) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(get(metricsPort, "/q/health/" + probe))
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200)).extracting(HttpResponse::body)
                    .asString().contains("\"status\": \"UP\"").doesNotContain("DOWN"));
            assertThat(get(httpPort, "/q/health/" + probe).statusCode()).isEqualTo(404);
        }
        assertThat(get(metricsPort, "/q/metrics").body()).contains("jvm_memory_used_bytes");
        assertThat(get(httpPort, "/q/metrics").statusCode()).isEqualTo(404);
        assertThat(get(metricsPort, "/api/orders/stats").statusCode()).isEqualTo(404);

        // And so is the description of the API; the page has all its files
        assertThat(get(metricsPort, "/q/openapi?format=json").body()).contains("/api/orders/stats");
        assertThat(get(httpPort, "/q/openapi").statusCode()).isEqualTo(404);
        assertThat(get(metricsPort, "/q/swagger-ui").statusCode()).isEqualTo(404);
        assertThat(PageFiles.of(URI.create("http://localhost:" + httpPort + "/"))).hasSizeGreaterThan(10)
                .allSatisfy((file, answer) -> {
                    assertThat(answer.statusCode()).as(file.toString()).isEqualTo(200);
                    assertThat(answer.headers().firstValue("Content-Encoding")).as(file.toString()).contains("gzip");
                    assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
                });

        // And nothing of dev mode is there
        ApiClient client = new ApiClient("http://localhost:" + httpPort);
        assertThat(client.get("/api/dev").status()).isEqualTo(404);
        assertThat(List.of("faults", "orders", "poison", "outage", "kill"))
                .allSatisfy(trial -> assertThat(client.post("/api/dev/" + trial, "{}").status()).isEqualTo(404));
        assertThat(client.get("/api/application").body().get("devMode").asBoolean()).isFalse();
        assertThat(get(metricsPort, "/q/openapi").body()).doesNotContain("/api/dev");
        assertThat(app.isAlive()).isTrue();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldFinishGracefullyAndGoOnWhereItStopped() {
        // Given
        Map<String, String> settings = PackagedApps.ownTopics();
        AppProcess first = apps.start(Jdks.own(), settings, "ORDERS_ID_START=1001", "ORDERS_INTERVAL=10ms",
                "ERROR_SIMULATION_RATE=" + HALF, "RETRY_BACKOFF_SECONDS=60", "COMMIT_INTERVAL=5m");
        OrderApp api = listening(first);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.stats().get("received").asLong()).isGreaterThan(150));
        EventStream stream = new EventStream("http://localhost:" + first.awaitLine(LISTENING, PATIENCE).group(1));
        await().atMost(PATIENCE).until(() -> !stream.events("stats").isEmpty());

        // When
        first.terminate();
        int exitCode = first.awaitExit(PATIENCE);

        // Then
        assertThat(exitCode).isEqualTo(143);
        await().atMost(PATIENCE).until(stream::isOver);
        MatchResult last = first.awaitLine("final statistics: received=(\\d+) processed=(\\d+) deadLettered=(\\d+) "
                + "retries=0 revenue=(\\d+\\.\\d\\d) average=(\\d+\\.\\d\\d)$", PATIENCE);
        OrderLedger ledger = apps.ledger(settings, HALF);
        assertThat(apps.deadLetters(settings)).hasSize(Integer.parseInt(last.group(3)))
                .allMatch(letter -> letter.endsWith("=poison"));
        Map<Integer, Long> handedBack = ledger.firstTransientOffsets();
        Map<Integer, Long> committed = apps.committedOffsets(settings);
        assertThat(handedBack).hasSize(6).allSatisfy(
                (partition, offset) -> assertThat(committed.getOrDefault(partition, 0L)).isEqualTo(offset));

        // And the next instance handles what was handed back
        AppProcess second = apps.start(Jdks.own(), settings, "ORDERS_COUNT=0", "ERROR_SIMULATION_RATE=" + HALF,
                "RETRY_BACKOFF_SECONDS=0.05");
        OrderApp next = listening(second);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(next.finished()).isEqualTo(ledger.entries().size()));
        // Its lines may come later than its answers.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.matches("partition assigned: .* processed=(\\d+)").stream()
                        .mapToLong(m -> Long.parseLong(m.group(1))).sum()).isPositive()
                        .isEqualTo(Long.parseLong(last.group(2))));
        assertThatStatsAre(next.stats(), ledger);
        assertThat(apps.deadLetters(settings)).containsExactlyInAnyOrderElementsOf(ledger.deadLetters());
        await().atMost(PATIENCE).untilAsserted(() -> assertThatStatsAre(next.stats().get("group"), ledger));
    }

    @Tag("full")
    @Test
    void shouldRunOnAnotherJdk() {
        // Given
        int own = Runtime.version().feature();
        Optional<Path> other = Jdks.find(release -> release >= 21 && release != own);
        assumeTrue(other.isPresent(), "there is no other JDK of release 21 or later: set JAVA21_HOME");
        Map<String, String> settings = PackagedApps.ownTopics();

        // When
        AppProcess app = apps.start(other.get(), settings, "ORDERS_COUNT=20", "ORDERS_ID_START=1001", "ORDERS_INTERVAL=5ms",
                "ERROR_SIMULATION_RATE=" + HALF, "RETRY_BACKOFF_SECONDS=0.05");
        OrderApp api = listening(app);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isEqualTo(20));
        assertThatStatsAre(api.stats(), apps.ledger(settings, HALF));
    }

    private static OrderApp listening(AppProcess app) {
        return new OrderApp("http://localhost:" + app.awaitLine(LISTENING, PATIENCE).group(1));
    }

    private static void assertThatStatsAre(JsonNode stats, OrderLedger ledger) {
        assertThat(stats.get("received").asLong()).isEqualTo(ledger.entries().size());
        assertThat(stats.get("processed").asLong()).isEqualTo(ledger.processed());
        assertThat(stats.get("deadLettered").asLong()).isEqualTo(ledger.deadLetters().size());
        assertThat(stats.get("revenue").decimalValue()).isEqualByComparingTo(ledger.revenue());
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
                BodyHandlers.ofString());
    }

    private static Stream<Path> jars(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(APPLICATION.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList().stream();
        }
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(JarEntry::getName).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
