package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.BrokerRequests;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;

/**
 * The packaged application, with all pipelines on, while there is nothing to do: what it costs the broker and who scrapes it.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdleIT {

    /** Asked for once a second, so it tells the time at the pace of the application, however slow the machine is. */
    private static final String CLOCK = "DescribeCluster";
    private static final int SECONDS = 30;
    /** What a broker that is its own controller sends to itself. */
    private static final Set<String> OWN = Set.of("BrokerHeartbeat", "BrokerRegistration", "AllocateProducerIds");
    /** Requests a minute, half as many again as there are; of any other type there are few. */
    private static final Map<String, Integer> MOST = Map.of("Fetch", 450, "FetchConsumer", 450, "Heartbeat", 400, CLOCK, 115,
            "DescribeTopicPartitions", 25, "Metadata", 155, "FindCoordinator", 20, "ListOffsets", 40);
    private static final int FEW = 15;
    private static final int MOST_LINES = 1_000;

    private PackagedApps apps;
    private AppProcess app;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
        app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "ORDERS_COUNT=0");
        app.managementUrl();
        pass(SECONDS);
    }

    @AfterAll
    void stop() {
        if (apps != null) {
            apps.close();
        }
    }

    /** Lets so much time of the application pass, and gives what it has asked for meanwhile. */
    private static BrokerRequests pass(int seconds) {
        BrokerRequests before = BrokerRequests.now();
        await().atMost(PATIENCE).until(() -> BrokerRequests.now().since(before).of(CLOCK) >= seconds);
        return BrokerRequests.now().since(before);
    }

    @Test
    void shouldAskTheBrokerSeldomWhileThereIsNothingToDo() {
        // When
        long start = System.nanoTime();
        BrokerRequests requests = pass(SECONDS);
        double minutes = (System.nanoTime() - start) / (double) Duration.ofMinutes(1).toNanos();

        // Then
        assertThat(requests.counts()).allSatisfy((type, count) -> {
            if (!OWN.contains(type)) {
                assertThat(count / minutes).as("%s requests a minute", type)
                        .isLessThanOrEqualTo(MOST.getOrDefault(type, FEW));
            }
        });
    }

    @Test
    void shouldShowNoMoreMetricsThanSomebodyReads() throws IOException, InterruptedException {
        // When
        String scrape = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(app.managementUrl() + "/q/metrics")).build(), BodyHandlers.ofString()).body();

        // Then
        assertThat(scrape.lines().count()).isBetween(100L, (long) MOST_LINES);
        assertThat(scrape).contains("jvm_memory_used_bytes", "orderstream_in_flight", "kafka_consumer_lag")
                .doesNotContain("kafka_consumer_fetch", "netty_", "vertx_");
    }
}
