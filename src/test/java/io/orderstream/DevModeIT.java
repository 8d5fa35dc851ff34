package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.Ports;
import io.orderstream.testsupport.TopicClient;

/**
 * A developer's first minutes: start, look, try out, edit, break, repair, stop, kill, start again. Each test goes on where the
 * last one ended.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "cannot press Ctrl+C for another process")
class DevModeIT {

    private static final String HANDLER = "src/main/java/io/orderstream/order/SimulatedOrderHandler.java";
    private static final String APPLICATION = "src/main/java/io/orderstream/api/ApplicationResource.java";
    private static final String CATALOGUE = "src/main/java/io/orderstream/order/Catalogue.java";
    private static final String PROPERTIES = "src/main/resources/application.properties";
    private static final int MORE_ORDERS = 5;

    private final int httpPort = Ports.free();
    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private final OrderApp api = new OrderApp("http://localhost:" + httpPort);
    private final ApiClient client = new ApiClient("http://localhost:" + httpPort);
    private DevProject project;
    private AppProcess app;

    @BeforeAll
    void startDevMode() {
        project = new DevProject(Path.of("target", "dev-mode-it"));
        app = start(Map.of("ORDERS_ID_START", "1001", "ORDERS_INTERVAL", "200ms", "ERROR_SIMULATION_RATE", "0.3",
                // What the partitions bring along, which the console does not show by itself.
                "QUARKUS_LOG_CATEGORY__IO_ORDERSTREAM_COMMIT__LEVEL", "debug"));
    }

    @AfterAll
    void killWhatStillRuns() {
        if (app != null) {
            app.close();
        }
    }

    @Test
    @Order(1)
    void shouldRunEverythingAfterOneCommand() {
        // When
        app.awaitLine("started in .* Listening on: http://localhost:" + httpPort, PATIENCE);

        // Then
        app.awaitLine(
                "see it work: http://localhost:" + httpPort + "/ +Quarkus Dev UI: http://localhost:" + httpPort + "/q/dev-ui$",
                PATIENCE);
        app.awaitLine(" INFO  processed    \\d{4}          [A-Z].{13} +\\d+\\.\\d\\d  average \\d+\\.\\d\\d count \\d+$",
                PATIENCE);
        app.awaitLine(" INFO  retry        \\d{4} .* attempt 2 of 4 after 0\\.1 s: simulated fault: .+$", PATIENCE);
        app.awaitLine(" WARN  dead letter  \\d{4} .*\\d  poison: simulated poison: .+$", PATIENCE);
        assertThatTheConsoleIsShort();
        OperatorClient operator = new OperatorClient("http://localhost:" + httpPort, null);
        operator.awaitJobsRead(PATIENCE);
        assertThat(operator.redrive("{\"filter\": {}, \"dryRun\": true}").status()).isEqualTo(200);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(group().get("processed").asLong()).isPositive());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(api.get("/q/health").get("status").asText()).isEqualTo("UP"));
        assertThat(new OrderApp("http://localhost:" + registryPort).get("/subjects"))
                .extracting(JsonNode::asText).containsExactly("orders-dlq-value", "orders-value");
        assertThat(app.matches(".*( WARN | ERROR |Help improve Quarkus).*")).extracting(MatchResult::group)
                .allMatch(line -> line.contains(" WARN  dead letter  "));
        assertThatOnlyThePagesOfQuarkusMayHaveInlineScripts();
    }

    private void assertThatOnlyThePagesOfQuarkusMayHaveInlineScripts() {
        ApiClient client = new ApiClient("http://localhost:" + httpPort);
        for (String path : List.of("/", "/page/app.js", "/webjars/uplot/dist/uPlot.esm.js", "/_static/lit-html/lit-html.js")) {
            assertThat(client.get(path).status()).as(path).isEqualTo(200);
            assertThat(client.get(path).header("Content-Security-Policy")).as(path).contains("script-src 'self';");
        }
        for (String path : List.of("/q/swagger-ui/", "/q/dev-ui/welcome", "/q/openapi")) {
            assertThat(client.get(path).status()).as(path).isEqualTo(200);
            assertThat(client.get(path).header("Content-Security-Policy")).as(path).isEmpty();
        }
    }

    /** One line for an order that simply works, none of other pipelines, the address of the page as the last of the start. */
    private void assertThatTheConsoleIsShort() {
        List<String> lines = app.lines();
        assertThat(lines).noneMatch(line -> line.contains("\u001b"))
                .noneMatch(line -> line.matches(".*((produced|processed|retry|letter): |event=|itemOrder=).*"));
        List<String> processed = app.matches(" processed    (\\d+) ").stream().map(match -> match.group(1)).toList();
        assertThat(processed).isNotEmpty().doesNotHaveDuplicates();
        String orders = ".* (processed|retry|dead letter|in one second|partitions assigned:) .*";
        assertThat(lines.subList(index(lines, "Installed features"), lines.size()))
                .filteredOn(line -> !line.matches(orders)).hasSize(2).last().asString().contains("see it work: ");
    }

    private static int index(List<String> lines, String text) {
        return IntStream.range(0, lines.size()).filter(line -> lines.get(line).contains(text)).findFirst().orElseThrow();
    }

    @Test
    @Order(2)
    void shouldChangeRateAndFaultsAsThePageAsks() {
        // Given
        assertThat(client.get("/api/application").body().get("devMode").asBoolean()).isTrue();
        Answer before = client.get("/api/dev");
        assertThat(before.body().get("ordersPerSecond").asDouble()).isEqualTo(5);
        assertThat(before.body().get("errorRate").asDouble()).isEqualTo(0.3);

        // When
        Answer changed = client.post("/api/dev/faults", "{\"ordersPerSecond\": 100, \"errorRate\": 0}");

        // Then
        assertThat(changed.body().get("ordersPerSecond").asDouble()).isEqualTo(100);
        assertThat(changed.body().get("errorRate").asDouble()).isZero();
        app.awaitLine(" INFO  in one second \\d+ processed; average \\d+\\.\\d\\d count \\d+$", PATIENCE);

        // And without further orders, those asked for are made and handled
        stopGenerator();
        long received = received();
        assertThat(client.post("/api/dev/orders", "{\"count\": 1500}").status()).isEqualTo(202);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).isEqualTo(received + 1_500));

        // And one that can never succeed is a dead letter
        assertThat(client.post("/api/dev/poison", "{}").status()).isEqualTo(202);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(client.get("/api/dead-letters?kind=poison&limit=1").body()
                .findValuesAsText("reason"))
                .anyMatch(reason -> reason.matches("poison to try it out: order poison-\\d+ can never succeed")));
    }

    @Test
    @Order(3)
    void shouldWaitWhileTheDependencyIsTakenAway() {
        // Given
        JsonNode before = api.stats();
        app.skipOutput();

        // When
        Answer away = client.post("/api/dev/outage", "{\"seconds\": 600}");
        client.post("/api/dev/orders", "{\"count\": 50}");

        // Then
        assertThat(away.text("outageUntil")).isNotEmpty();
        app.awaitLine("outage begins: pipeline=orders cause=dependency reason=\"the dependency was taken away", PATIENCE);
        assertThat(api.stats().get("processed")).isEqualTo(before.get("processed"));

        // And goes on when it is back, which may be earlier than it was to be
        client.post("/api/dev/outage", "{\"seconds\": 1}");
        app.awaitLine("outage ends: pipeline=orders cause=dependency ", PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.stats().get("processed").asLong())
                .isEqualTo(before.get("processed").asLong() + 50));
        assertThat(api.stats().get("deadLettered")).isEqualTo(before.get("deadLettered"));
        assertThat(client.get("/api/dev").body().get("outageUntil").isNull()).isTrue();
    }

    @Test
    @Order(4)
    void shouldDoNothingForPagesOfOtherOriginsAndForWhatIsNotValid() throws IOException {
        assertThat(client.post("/api/dev/kill", "{}", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(client.post("/api/dev/kill", "{}", "Origin", "https://elsewhere.example").text("detail"))
                .isEqualTo("only a page of this origin may do this");
        try (Socket attacker = new Socket("localhost", httpPort)) {
            attacker.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(attacker.getInputStream().readAllBytes(), UTF_8)).contains(" 421 ");
        }
        assertThat(client.post("/api/dev/kill", "{}".getBytes(UTF_8), "text/plain").status()).isEqualTo(415);
        assertThat(client.post("/api/dev/kill", new byte[0], null).status()).isEqualTo(415);
        Answer refused = client.post("/api/dev/orders", "{\"count\": 0}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.text("field")).isEqualTo("count");
        assertThat(refused.text("rule")).isEqualTo("a whole number from 1 to 100000");
        assertThat(client.post("/api/dev/faults", "{\"errorRate\": 1.5}").text("field")).isEqualTo("errorRate");
        assertThat(client.post("/api/dev/outage", "{\"seconds\": 601}").text("field")).isEqualTo("seconds");
        assertThat(app.isAlive()).isTrue();
    }

    private void stopGenerator() {
        client.post("/api/dev/faults", "{\"ordersPerSecond\": 0}");
        awaitAllCommitted();
    }

    private void awaitAllCommitted() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode stats = api.stats();
            assertThat(stats.get("partitions")).hasSize(6).allMatch(partition -> partition.get("lag").asLong(-1) == 0);
            assertThat(group().get("received")).isEqualTo(stats.get("received"));
        });
    }

    private long received() {
        return api.stats().get("received").asLong();
    }

    @Test
    @Order(5)
    void shouldShowAnEditedSourceAndKeepTopicAndTotals() throws Exception {
        // Given
        Uuid topic = topicId();
        JsonNode before = group();
        EventStream stream = new EventStream("http://localhost:" + httpPort);
        await().atMost(PATIENCE).until(() -> !stream.events("stats").isEmpty());
        app.skipOutput();

        // When
        project.edit(APPLICATION, "return about;", "throw new IllegalStateException(\"boom\");");
        project.edit(HANDLER, "faults.attempt(\"order\",", "faults.attempt(\"edited order\",");

        // Then
        awaitOnRequests(" dead letter  .*  poison: simulated poison: edited order");
        await().atMost(PATIENCE).until(stream::isOver);
        assertThat(app.matches("embedded (broker|registry) started")).isEmpty();
        assertThat(topicId()).isEqualTo(topic);
        awaitAssigned();
        awaitGroupBeyond(before);
        assertThat(restored("processed")).isGreaterThanOrEqualTo(before.get("processed").asLong());

        // And of a failure in a resource nothing is told but where to look
        Answer failed = client.get("/api/application");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.text("detail")).startsWith("the server has failed, its log says why: id=");
        assertThat(failed.body().toString()).doesNotContain("boom", "Exception", ".java");
    }

    @Test
    @Order(6)
    void shouldGoOnOnceASourceThatDoesNotCompileIsRepaired() {
        // Given
        JsonNode before = group();
        app.skipOutput();
        project.edit(CATALOGUE, "final class Catalogue {", "final class Catalogue { broken");
        awaitOnRequests("Catalogue.java:\\d+: error: ");

        // When
        project.edit(CATALOGUE, "final class Catalogue { broken", "final class Catalogue {");

        // Then
        awaitAssigned();
        awaitGroupBeyond(before);
    }

    @Test
    @Order(7)
    void shouldShowAnEditedSetting() {
        // Given
        app.skipOutput();

        // When
        project.edit(PROPERTIES, "quarkus.application.name=orderstream",
                "quarkus.application.name=orderstream\norderstream.orders.count=0");

        // Then
        awaitOnRequests("generator is off: ORDERS_COUNT=0");
    }

    @Test
    @Order(8)
    void shouldEndOnCtrlCAndGoOnWhereItStopped() {
        // Given
        awaitAllCommitted();
        JsonNode before = group();
        app.skipOutput();

        // When
        app.interrupt();
        MatchResult last = app.awaitLine("final statistics: received=(\\d+) processed=(\\d+) ", PATIENCE);
        app.awaitExit(PATIENCE);

        // Then
        assertThat(last.group(2)).isEqualTo(before.get("processed").asText());
        assertThat(app.matches(".* (WARN|ERROR) .*")).extracting(MatchResult::group).isEmpty();

        // And after another start, whose console shows all there is to know
        app = start(Map.of("ORDERS_ID_START", "5001", "ORDERS_INTERVAL", "10ms", "ERROR_SIMULATION_RATE", "0", "ORDERS_COUNT",
                Integer.toString(MORE_ORDERS), "LOG_LEVEL", "debug"));
        app.awaitLine("generator is done, the application keeps running: count=" + MORE_ORDERS, PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.stats().get("processed").asLong())
                .isEqualTo(before.get("processed").asLong() + MORE_ORDERS));
        awaitAssigned();
        assertThat(restored("processed")).isEqualTo(before.get("processed").asLong());
        assertThat(restored("deadLettered")).isEqualTo(before.get("deadLettered").asLong());
        app.awaitLine("produced: order=\\d+ product=\".+\" price=\\d+\\.\\d\\d partition=\\d offset=\\d+$", PATIENCE);
        app.awaitLine("processed: order=\\d+ .*average=\\d+\\.\\d\\d count=\\d+$", PATIENCE);
        app.awaitLine("letter: topic=events-dlq .* origin=events-\\d-\\d+ kind=poison .*reason=\"simulated poison: .+\"$",
                PATIENCE);
    }

    @Test
    @Order(9)
    void shouldGoOnExactlyAfterAKill() {
        // Given
        awaitAllCommitted();
        JsonNode before = group();
        app.skipOutput();

        // When
        Answer killed = client.post("/api/dev/kill", "{}");
        app.awaitExit(PATIENCE);

        // Then
        assertThat(killed.status()).isEqualTo(202);
        assertThat(app.matches("final statistics: ")).isEmpty();

        // And after another start, whose console shows other records
        app = start(Map.of("ORDERS_COUNT", "0", "CONSOLE_PIPELINES", "events"));
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(group()).isEqualTo(before);
            assertThat(api.stats().get("revenue")).isEqualTo(before.get("revenue"));
        });
        app.awaitLine(" INFO  processed    event=\\.\\.[0-9a-f]{10} type=[a-z-]+  count \\d+$", PATIENCE);
        assertThat(client.post("/api/dev/orders", "{\"count\": 1}").status()).isEqualTo(409);
    }

    private AppProcess start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("HTTP_PORT", Integer.toString(httpPort));
        all.put("ORDERSTREAM_DEV_KAFKA_PORT", Integer.toString(kafkaPort));
        all.put("ORDERSTREAM_DEV_REGISTRY_PORT", Integer.toString(registryPort));
        all.put("RETRY_BACKOFF_SECONDS", "0.1");
        return project.start(all);
    }

    /** As a developer does: edits, and looks again. A request triggers a reload; so does an order that arrives. */
    private void awaitOnRequests(String line) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort + "/api/orders/stats")).build();
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
            assertThat(app.matches(line)).isNotEmpty();
        });
    }

    /** The totals of the consumer group, once the broker has told them. */
    private JsonNode group() {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> api.stats().get("group"), JsonNode::isObject);
    }

    private void awaitGroupBeyond(JsonNode before) {
        await().atMost(PATIENCE).until(() -> {
            JsonNode now = group();
            assertThat(now.get("received").asLong()).isGreaterThanOrEqualTo(before.get("received").asLong());
            assertThat(now.get("deadLettered").asLong()).isGreaterThanOrEqualTo(before.get("deadLettered").asLong());
            return now.get("processed").asLong() > before.get("processed").asLong();
        });
    }

    /** One line for all six, and not one for each. */
    private void awaitAssigned() {
        app.awaitLine("partitions assigned: topic=orders partitions=6 ", PATIENCE);
        assertThat(app.matches("partition assigned: ")).isEmpty();
    }

    /** What the partitions brought along when they were assigned. */
    private long restored(String field) {
        return app.matches("partitions assigned: topic=orders .*" + field + "=(\\d+)").stream()
                .mapToLong(match -> Long.parseLong(match.group(1))).sum();
    }

    private Uuid topicId() throws Exception {
        try (TopicClient topics = new TopicClient("localhost:" + kafkaPort); Admin admin = topics.admin()) {
            return admin.describeTopics(List.of("orders")).allTopicNames().get().get("orders").topicId();
        }
    }
}
