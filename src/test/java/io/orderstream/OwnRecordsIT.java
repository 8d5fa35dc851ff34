package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.MarkdownPage;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.TopicClient;

/** What docs/your-own-records.md shows, put where it says, packaged and run. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no kill -9")
class OwnRecordsIT {

    private static final String TOPIC = "payments";
    private static final int PAYMENTS = 2_000;
    private static final int MOST_CENTS = 10;
    private static final List<String> ACCOUNTS = List.of("new-1", "a-2", "a-3", "new-4", "a-5");

    private static DevProject project;
    private static Path jar;

    @TempDir
    Path directory;
    private PackagedApps apps;
    private TopicClient topics;
    private AppProcess app;

    @BeforeAll
    static void packageWhatThePageShows() {
        project = new DevProject(Path.of("target", "own-records"));
        MarkdownPage page = MarkdownPage.read(Path.of("docs", "your-own-records.md"));
        page.blocks("java").forEach(project::addClass);
        project.append("src/main/resources/application.properties", page.blocks("properties").get(0));
        jar = project.packaged();
    }

    @BeforeEach
    void startBroker() throws IOException {
        apps = new PackagedApps(directory);
        topics = new TopicClient(apps.bootstrapServers());
    }

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
        topics.close();
        apps.close();
    }

    @Test
    @Order(1)
    void shouldHaveEverythingAPipelineHasAndCountEachPaymentOnceThroughAKill() {
        // Given
        start(Map.of());
        send(0, PAYMENTS / 2);
        topics.send(TOPIC, "k".getBytes(UTF_8), "{\"id\": \"p\", \"account\": \"a\"}".getBytes(UTF_8));
        await().atMost(PATIENCE).until(() -> app.matches("booked: ").size() > PAYMENTS / 10);

        // When
        app.kill();
        app.awaitExit(PATIENCE);
        assertThat(outOfOrder(app)).isEmpty();
        send(PAYMENTS / 2, PAYMENTS);
        start(Map.of("OPERATOR_USER", "olga", "OPERATOR_PASSWORD", "word"));

        // Then
        long poison = IntStream.range(0, PAYMENTS).filter(number -> cents(number) == 0).count();
        long amount = IntStream.range(0, PAYMENTS).mapToLong(OwnRecordsIT::cents).sum();
        awaitGroup(PAYMENTS + 1, PAYMENTS - poison, poison + 1, amount);
        assertThat(stats().get("retries").asLong()).isPositive();
        assertThat(outOfOrder(app)).isEmpty();
        // One that was written before the kill, and whose offset was not committed, is written once more.
        assertThat(deadLetters("undecodable")).isBetween(1L, 2L);
        assertThat(deadLetters("poison")).isBetween(poison, 2 * poison);
        await().atMost(PATIENCE)
                .until(() -> Scrape.of(app).sum("orderstream_group_processed", "pipeline", TOPIC) == PAYMENTS - poison);
        assertThat(new ApiClient(app.managementUrl()).get("/q/health/ready").status()).isEqualTo(200);

        // And when they are sent back
        OperatorClient operator = new OperatorClient(url(), "olga:word");
        operator.awaitJobsRead(PATIENCE);
        assertThat(operator.redrive("{\"filter\": {\"kind\": \"poison\", \"topic\": \"payments\"}}").status()).isEqualTo(202);
        awaitGroup(PAYMENTS + 1 + poison, PAYMENTS - poison, 2 * poison + 1, amount);
    }

    @Test
    @Order(2)
    void shouldSayWhatIsMissingAndNotStart() {
        // When
        app = JavaPrograms.start(jar, List.of(),
                settings(Map.of("MP_MESSAGING_INCOMING_PAYMENTS_IN_FAILURE_STRATEGY", "ignore")));

        // Then
        app.awaitLine("mp\\.messaging\\.incoming\\.payments-in\\.failure-strategy must be dead-letter-queue, but is 'ignore'",
                PATIENCE);
        assertThat(app.awaitExit(PATIENCE)).isNotZero();
        assertThat(app.lines()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    @Order(3)
    void shouldSayThatNobodyReadsAChannelAndNotStart() {
        // Given
        project.edit("src/main/java/com/example/payments/PaymentPipeline.java", "@Incoming(\"payments-in\")", "");

        // When
        app = JavaPrograms.start(project.packaged(), List.of(), settings(Map.of()));

        // Then
        app.awaitLine("The channel payments-in is read by no method", PATIENCE);
        assertThat(app.awaitExit(PATIENCE)).isNotZero();
    }

    @Test
    @Order(4)
    void shouldSayThatAnEventHandlerHasNoSchemaAndNotStart() {
        // Given
        project.edit("src/main/java/com/example/payments/PaymentPipeline.java", "Uni<Void> process",
                "@Incoming(\"payments-in\") Uni<Void> process");
        project.addClass("""
                package com.example.payments;

                import io.orderstream.event.Event;
                import io.orderstream.event.EventHandler;
                import io.orderstream.event.EventType;
                import io.orderstream.record.Delivery;
                import io.smallrye.mutiny.Uni;
                import jakarta.enterprise.context.ApplicationScoped;

                @ApplicationScoped
                @EventType("never-described")
                public class StrangeHandler implements EventHandler {
                    public Uni<Void> handle(Delivery<Event> event) {
                        return Uni.createFrom().voidItem();
                    }
                }
                """);

        // When
        app = JavaPrograms.start(project.packaged(), List.of(), settings(Map.of()));

        // Then
        app.awaitLine("StrangeHandler handles events of type 'never-described', for which there is no schema", PATIENCE);
        assertThat(app.awaitExit(PATIENCE)).isNotZero();
    }

    private void start(Map<String, String> more) {
        app = JavaPrograms.start(jar, List.of(), settings(more));
        app.awaitLine("Listening on", PATIENCE);
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("HTTP_PORT", "0", "METRICS_PORT", "0", "LOG_FORMAT", "plain",
                "KAFKA_BOOTSTRAP_SERVERS", apps.bootstrapServers(), "SCHEMA_REGISTRY_URL", apps.registryUrl(), "ORDERS_COUNT",
                "0",
                "RETRY_BACKOFF_SECONDS", "0.01", "SPOOL_DIRECTORY", directory.resolve("spool").toString()));
        settings.putAll(more);
        return settings;
    }

    private void send(int from, int to) {
        for (int number = from; number < to; number++) {
            String payment = "{\"id\": \"p-%d\", \"account\": \"%s\", \"cents\": %d}".formatted(number,
                    ACCOUNTS.get(number % ACCOUNTS.size()), cents(number));
            topics.send(TOPIC, ("k-" + number).getBytes(UTF_8), payment.getBytes(UTF_8));
        }
    }

    private static int cents(int number) {
        return number % MOST_CENTS;
    }

    private String url() {
        return app.awaitLine("Listening on: (http://[^ ]+:\\d+)", PATIENCE).group(1).replace("0.0.0.0", "localhost");
    }

    private JsonNode stats() {
        return new ApiClient(url()).get("/api/pipelines/payments/stats").body();
    }

    private void awaitGroup(long received, long processed, long deadLettered, long amount) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(stats().get("group").toString())
                .isEqualTo("{\"received\":%d,\"processed\":%d,\"deadLettered\":%d,\"amount\":%d}".formatted(received, processed,
                        deadLettered, amount)));
    }

    private long deadLetters(String kind) {
        JsonNode summary = new ApiClient(url()).get("/api/dead-letters/summary").body();
        long count = 0;
        for (JsonNode group : summary.get("groups")) {
            count += group.get("kind").asText().equals(kind) ? group.get("letters").asLong() : 0;
        }
        return count;
    }

    /** Payments of one account, in one partition, that a process has booked after a later one. */
    private static List<String> outOfOrder(AppProcess app) {
        Map<String, Long> last = new HashMap<>();
        return app.matches("booked: account=(\\S+) cents=\\d+ idempotencyKey=(payments-\\d+)-(\\d+)\\.").stream()
                .filter(booked -> isBehind(last, booked)).map(MatchResult::group).toList();
    }

    private static boolean isBehind(Map<String, Long> last, MatchResult booked) {
        long offset = Long.parseLong(booked.group(3));
        Long before = last.put(booked.group(1) + " " + booked.group(2), offset);
        return before != null && before >= offset;
    }
}
