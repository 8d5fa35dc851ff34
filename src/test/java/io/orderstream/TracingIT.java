package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;

/** The packaged application sends its spans to where OpenTelemetry's own variable says, if it is told to, and not otherwise. */
@Tag("full")
class TracingIT {

    private static final int ORDERS = 20;

    private static PackagedApps apps;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private List<String> lines;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
    }

    @AfterAll
    static void stop() {
        apps.close();
    }

    @TimedTest
    void shouldSendSpansToTheEndpointOfOpenTelemetrysVariable() throws IOException {
        // Given
        Map<String, String> settings = PackagedApps.ownTopics();

        // When
        List<String> bodies = run(settings, "true", app -> app.finished() == ORDERS, "ERROR_SIMULATION_RATE=0");

        // Then: the names in them, as protobuf has them
        assertThat(bodies).anyMatch(body -> body.contains("process " + settings.get("ORDERS_TOPIC")))
                .anyMatch(body -> body.contains("send " + settings.get("ORDERS_TOPIC")))
                .anyMatch(body -> body.contains("attempt 1"))
                .allMatch(body -> body.startsWith("/v1/traces ") && body.contains("service.name"));
    }

    @TimedTest
    void shouldSendNothingOtherwise() throws IOException {
        assertThat(run(PackagedApps.ownTopics(), "false", app -> app.finished() == ORDERS, "ERROR_SIMULATION_RATE=0"))
                .isEmpty();
    }

    @TimedTest
    void shouldSendWithItsLastSpansWhatItHandsBackWhenItStops() throws IOException {
        // When: all orders fail, some for good, and none of the others is tried again in time
        List<String> bodies = run(PackagedApps.ownTopics(), "true",
                app -> app.stats().get("received").asLong() == ORDERS && app.stats().get("deadLettered").asLong() > 0,
                "ERROR_SIMULATION_RATE=1", "RETRY_BACKOFF_SECONDS=60", "LOG_FORMAT=json");

        // Then
        assertThat(bodies).anyMatch(body -> body.contains("handed-back")).anyMatch(body -> body.contains("dead-lettered"));
        assertThat(lines).filteredOn(line -> line.contains("\"dead letter: ")).isNotEmpty().allSatisfy(line -> assertThat(line)
                .containsPattern("\"mdc\":\\{[^}]*\"traceId\":\"[0-9a-f]{32}\"").contains("\"spanId\":"));
    }

    /** Runs an application until enough is done, and to its own end; gives what it has sent. */
    private List<String> run(Map<String, String> topics, String enabled, Predicate<OrderApp> isEnough, String... more)
            throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        collector.createContext("/", this::take);
        collector.start();
        try {
            Map<String, String> settings = new HashMap<>(topics);
            settings.putAll(Map.of("TRACING_ENABLED", enabled, "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://localhost:" + collector.getAddress().getPort(), "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
            AppProcess app = apps.start(Jdks.own(), settings, Stream
                    .concat(Stream.of("ORDERS_COUNT=" + ORDERS, "ORDERS_INTERVAL=5ms"), Stream.of(more))
                    .toArray(String[]::new));
            OrderApp api = new OrderApp(
                    "http://localhost:" + app.awaitLine("Listening on: http://[^:]+:(\\d+)", PATIENCE).group(1));
            await().atMost(PATIENCE).until(() -> isEnough.test(api));
            app.terminate();
            app.awaitExit(PATIENCE);
            lines = app.lines();
            List<String> warnings = app.matches(".* (WARN|ERROR) .*").stream().map(MatchResult::group).toList();
            if (!warnings.isEmpty() && warnings.stream().allMatch(line -> line.contains(" cause=broker "))) {
                throw new TooLate("the broker was not heard in time: " + warnings);
            }
            assertThat(warnings).isEmpty();
        } finally {
            collector.stop(0);
        }
        return List.copyOf(received);
    }

    private void take(HttpExchange request) throws IOException {
        try (request) {
            received.add(request.getRequestURI() + " "
                    + new String(request.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            request.sendResponseHeaders(200, -1);
        }
    }
}
