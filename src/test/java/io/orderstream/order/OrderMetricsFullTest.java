package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.deploy.MonitoringQueries;
import io.orderstream.metrics.Metric;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderLedger;
import io.orderstream.testsupport.Scrape;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/** What the metrics say of orders, against what has become of them. */
@Tag("full")
@QuarkusTest
@TestProfile(OrderMetricsFullTest.OftenLooked.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderMetricsFullTest extends OrderPipelineFixture {

    private static final String[] ORDERS = { "pipeline", "orders" };
    private static final int EACH = 5;
    private static final int MOST = 25;

    @Inject
    PipelineSettings pipeline;

    /** As {@link HalfFailing}, and lag and totals of the group are looked at each second. */
    public static class OftenLooked extends HalfFailing {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.putAll(Map.of("LAG_MONITOR_INTERVAL", "1s", "RETRY_BACKOFF_SECONDS", "0.05", "OUTAGE_WINDOW", "10000",
                    "MAX_IN_FLIGHT", Integer.toString(MOST)));
            return overrides;
        }
    }

    @Test
    void shouldCountWhatBecomesOfEachOrder() {
        // Given
        Scrape before = Scrape.of(url);
        List<Predicate<Fault>> fates = List.of(fault -> fault.kind() == Kind.NONE, fault -> fault.kind() == Kind.POISON,
                fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 2,
                fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 5);

        // When
        fates.forEach(fate -> IntStream.range(0, EACH).forEach(number -> traffic.send(HalfFailing.orderWith(fate))));
        topics.send(settings.topic(), new byte[] { 1 }, new byte[] { 1, 2, 3 });
        await().atMost(PATIENCE)
                .until(() -> grown(before, Scrape.of(url), "orderstream_end_to_end_seconds_count", ORDERS) == 4 * EACH + 1);
        // One scrape is not taken at one moment: what is counted before the end of a record is there in the next.
        Scrape after = Scrape.of(url);

        // Then
        assertThat(grown(before, after, "orderstream_records_received_total", ORDERS)).isEqualTo(4 * EACH + 1);
        assertThat(grown(before, after, "orderstream_records_processed_total", ORDERS)).isEqualTo(2 * EACH);
        assertThat(lettersGrown(before, after, "poison")).isEqualTo(EACH);
        assertThat(lettersGrown(before, after, "exhausted")).isEqualTo(EACH);
        assertThat(lettersGrown(before, after, "undecodable")).isEqualTo(1);
        assertThat(List.of("2", "3", "4", "5")).extracting(
                attempt -> grown(before, after, "orderstream_retries_total", "pipeline", "orders", "attempt", attempt))
                .containsExactly(2.0 * EACH, 2.0 * EACH, 1.0 * EACH, 0.0);
        // Once, once, and three times; once, once, twice and four times.
        assertThat(calls(before, after, "success")).isEqualTo(2 * EACH);
        assertThat(calls(before, after, "failure")).isEqualTo((1 + 2 + 4) * EACH);
        assertThat(after.sum("orderstream_handler_seconds_bucket", "pipeline", "orders", "outcome", "success", "le", "0.001"))
                .isPositive();
    }

    @Test
    void shouldShowTheExactTotalsOfTheGroup() {
        // Given
        traffic.send(HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE));
        traffic.send(HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            OrderLedger ledger = new OrderLedger(topics.read(settings.topic()).stream()
                    .filter(record -> record.value().length > 10).map(record -> OrderLedger.entry(record, HalfFailing.FAULTS))
                    .toList());
            Scrape scrape = Scrape.of(url);
            assertThat(scrape.sum("orderstream_group_received", ORDERS)).isEqualTo(topics.read(settings.topic()).size());
            assertThat(scrape.sum("orderstream_group_processed", ORDERS)).isEqualTo(ledger.processed());
            assertThat(scrape.sum("orderstream_group_dead_lettered", ORDERS))
                    .isEqualTo(topics.read(settings.dlqTopic()).size());
            assertThat(BigDecimal.valueOf(scrape.sum("orderstream_revenue"))).isEqualByComparingTo(ledger.revenue());
            assertThat(scrape.sum("orderstream_average"))
                    .isCloseTo(ledger.revenue().doubleValue() / ledger.processed(), within(0.0001));
        });
    }

    @Test
    void shouldShowWhatIsInWorkAndHowFarTheGroupIsBehind() {
        // Given
        String slow = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        List<UniEmitter<? super Void>> held = new CopyOnWriteArrayList<>();
        handler.answer(slow, () -> Uni.createFrom().emitter(held::add));

        // When
        int partition = traffic.send(slow).partition();

        // Then
        String[] at = { "topic", settings.topic(), "partition", Integer.toString(partition) };
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = Scrape.of(url);
            assertThat(scrape.sum("orderstream_in_flight", ORDERS)).isOne();
            assertThat(scrape.sum("orderstream_lanes", ORDERS)).isOne();
            assertThat(scrape.sum("orderstream_oldest_unfinished_age_seconds", at)).isGreaterThan(1);
            assertThat(scrape.sum("kafka_consumer_lag", at)).isOne();
        });

        // And when it is done
        held.forEach(emitter -> emitter.complete(null));
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = Scrape.of(url);
            assertThat(scrape.sum("orderstream_in_flight", ORDERS)).isZero();
            assertThat(scrape.sum("orderstream_lanes", ORDERS)).isZero();
            assertThat(scrape.find("orderstream_oldest_unfinished_age_seconds")).isNotEmpty()
                    .allMatch(age -> age.value() == 0);
            assertThat(scrape.find("kafka_consumer_lag")).isNotEmpty().allMatch(lag -> lag.value() == 0);
        });
    }

    @Test
    void shouldTellTheLagOfAConsumerThatIsPaused() {
        // Given
        List<UniEmitter<? super Void>> held = new CopyOnWriteArrayList<>();
        List<String> slow = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE)).limit(2 * MOST)
                .toList();
        slow.forEach(order -> handler.answer(order, () -> Uni.createFrom().emitter(held::add)));

        // When
        slow.forEach(traffic::send);

        // Then
        String[] orders = { "topic", settings.topic() };
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = Scrape.of(url);
            assertThat(scrape.sum("orderstream_in_flight", ORDERS)).isEqualTo(MOST);
            assertThat(scrape.sum("kafka_consumer_lag", orders)).isEqualTo(2 * MOST);
        });

        // And when it goes on
        await().atMost(PATIENCE).until(() -> {
            held.forEach(emitter -> emitter.complete(null));
            return held.size() == 2 * MOST && Scrape.of(url).sum("kafka_consumer_lag", orders) == 0;
        });
    }

    @Test
    void shouldMeasureCommits() {
        // Given
        String[] commits = { "channel", "orders-in", "outcome", "success" };
        Scrape before = Scrape.of(url);

        // When
        traffic.send(HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE));

        // Then
        await().atMost(PATIENCE)
                .until(() -> grown(before, Scrape.of(url), "orderstream_commit_seconds_count", commits) > 0);
        assertThat(grown(before, Scrape.of(url), "orderstream_commit_seconds_sum", commits)).isPositive();
    }

    @Test
    void shouldForgetPartitionsThatAreGivenAway() {
        // Given
        int all = topics.ends(settings.topic()).size();
        await().atMost(PATIENCE).until(() -> partitionsShown() == all);

        // When
        try (Consumer<byte[], byte[]> other = topics.member(pipeline.groupId(), settings.topic())) {
            await().atMost(PATIENCE).until(() -> {
                other.poll(Duration.ofMillis(100));
                return !other.assignment().isEmpty() && partitionsShown() == all - other.assignment().size();
            });
        }

        // Then
        await().atMost(PATIENCE).until(() -> partitionsShown() == all);
    }

    private long partitionsShown() {
        return Scrape.of(url).find("orderstream_oldest_unfinished_age_seconds", "topic", settings.topic()).count();
    }

    @Test
    void shouldTellTheLagOfEachGroupAndOfTheReaderOfDeadLetters() {
        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(Scrape.of(url).find("kafka_consumer_lag")
                .map(sample -> sample.labels().get("topic"))).contains(settings.topic(), settings.retryTopic(),
                        settings.dlqTopic()));
        assertThat(Scrape.of(url).find("kafka_consumer_lag", "topic", settings.dlqTopic())
                .map(sample -> sample.labels().get("group"))).containsOnly("dead-letter-monitor");
    }

    @Test
    void shouldShowEachMetricThatIsDeclaredAndDeclareEachThatIsShown() {
        // Given
        Pattern parts = Pattern.compile("_(bucket|count|sum|max)$");
        Set<String> declared = Stream.of(Metric.values()).map(Metric::prometheusName).collect(Collectors.toSet());

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            Set<String> shown = Scrape.of(url).names().stream()
                    .filter(name -> name.startsWith("orderstream_") || declared.contains(name))
                    .map(name -> parts.matcher(name).replaceAll("")).collect(Collectors.toSet());
            assertThat(shown).isEqualTo(declared);
        });
        assertThat(Scrape.of(url).names()).as("those that dashboards and alerts name")
                .containsAll(MonitoringQueries.metrics());
    }

    private static double grown(Scrape before, Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }

    private static double lettersGrown(Scrape before, Scrape after, String kind) {
        return grown(before, after, "orderstream_records_dead_lettered_total", "pipeline", "orders", "kind", kind);
    }

    private static double calls(Scrape before, Scrape after, String outcome) {
        return grown(before, after, "orderstream_handler_seconds_count", "pipeline", "orders", "outcome", outcome);
    }
}
