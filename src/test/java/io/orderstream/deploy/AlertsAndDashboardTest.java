package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.metrics.Metric;
import io.orderstream.metrics.Tag;

/** The dashboard and the alert rules. That each metric they name is there in a scrape is shown by OrderMetricsTest. */
class AlertsAndDashboardTest {

    /** Those Prometheus itself gives. */
    private static final List<String> GIVEN = List.of("instance", "job");

    static Stream<Arguments> figures() {
        return Stream.of(arguments("Orders processed", Metric.GROUP_PROCESSED), arguments("Price sum", Metric.REVENUE),
                arguments("Running average", Metric.AVERAGE), arguments("Retry attempts", Metric.RETRIES),
                arguments("Dead letters", Metric.GROUP_DEAD_LETTERED));
    }

    @ParameterizedTest
    @MethodSource("figures")
    void shouldShowTheFiveFiguresPeopleTrack(String title, Metric figure) {
        // When
        List<String> queries = MonitoringQueries.queries(title);

        // Then
        assertThat(queries).singleElement().satisfies(query -> {
            assertThat(new PromQuery(query).metrics()).containsExactly(figure.prometheusName());
            assertThat(query.contains("{pipeline=\"orders\"}")).as(query).isEqualTo(figure.tags().contains(Tag.PIPELINE));
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveAPanelForEachMetric(Metric metric) {
        // When
        Set<String> shown = MonitoringQueries.queries().stream().flatMap(query -> new PromQuery(query).metrics().stream())
                .collect(Collectors.toSet());

        // Then
        assertThat(shown).containsAnyElementsOf(scraped(metric).keySet());
    }

    @Test
    void shouldAskForNoLabelThatIsNotThere() {
        // Given
        List<String> queries = MonitoringQueries.allQueries();

        // Then
        assertThat(queries).hasSizeGreaterThan(MonitoringQueries.alertNames().size()).allSatisfy(
                query -> assertThat(missing(query)).as(query).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            max(orderstream_average{pipeline="orders"})                 | orderstream_average pipeline
            sum by (kind) (rate(orderstream_retries_total[5m]))         | orderstream_retries_total kind
            sum by (le) (rate(orderstream_handler_seconds_count[5m]))   | orderstream_handler_seconds_count le
            max(orderstream_lanes) unless on (topic) kafka_consumer_lag | orderstream_lanes topic
            label_values(orderstream_revenue, pipeline)                 | orderstream_revenue pipeline
            sum(orderstream_revenues)                                   | orderstream_revenues
            """)
    void shouldFindALabelThatIsNotThere(String query, String missing) {
        assertThat(missing(query)).containsExactly(missing);
    }

    /** What a query needs, and a scrape does not have: a label behind its metric, or a metric. */
    private static List<String> missing(String query) {
        Map<String, Set<String>> known = new HashMap<>();
        Stream.of(Metric.values()).map(AlertsAndDashboardTest::scraped).forEach(known::putAll);
        List<String> missing = new ArrayList<>();
        new PromQuery(query).labels().forEach((metric, labels) -> {
            if (known.containsKey(metric)) {
                labels.stream().filter(label -> !known.get(metric).contains(label)).map(label -> metric + " " + label)
                        .forEach(missing::add);
            } else {
                missing.add(metric);
            }
        });
        return missing;
    }

    /** The names a metric has in a scrape, and the labels each of them has. */
    private static Map<String, Set<String>> scraped(Metric metric) {
        Set<String> labels = new TreeSet<>(GIVEN);
        metric.tags().stream().map(Tag::label).forEach(labels::add);
        String name = metric.prometheusName();
        if (metric.kind() != Metric.Kind.TIMER) {
            return Map.of(name, labels);
        }
        Set<String> ofBuckets = new TreeSet<>(labels);
        ofBuckets.add("le");
        return Map.of(name + "_bucket", ofBuckets, name + "_count", labels, name + "_sum", labels);
    }

    @Test
    void shouldReadFromTheSourceThatIsProvisioned() {
        assertThat(MonitoringQueries.dashboard().findValues("datasource")).isNotEmpty()
                .allSatisfy(source -> assertThat(source.get("uid").asText()).isEqualTo("prometheus"));
    }

    @Test
    void shouldSayOfEachAlertWhatToDo() throws IOException {
        // Given
        String runBook = Files.readString(Path.of("docs", "operations.md"));

        // Then
        assertThat(MonitoringQueries.alertNames()).isNotEmpty().allSatisfy(alert -> {
            assertThat(runBook).contains("\n### " + alert + "\n");
            assertThat(MonitoringQueries.alerts())
                    .contains("runbook: docs/operations.md#" + alert.toLowerCase(Locale.ROOT) + "\n");
        });
    }

    @Test
    void shouldFireWhenItShouldAndNotBefore() throws IOException {
        // Given
        Tool promtool = Tool.installed("promtool", "apt-get install prometheus");

        // Then
        assertThat(promtool.check("test", "rules", MonitoringQueries.ALERT_TESTS.toString()))
                .anyMatch(line -> line.contains("SUCCESS"));
        assertThat(promtool.check("check", "rules", MonitoringQueries.ALERTS.toString()))
                .anyMatch(line -> line.contains("SUCCESS: " + MonitoringQueries.alertNames().size() + " rules found"));
        // And each alert is tested, also for when it must not fire
        assertThat(Files.readString(MonitoringQueries.ALERT_TESTS)).contains(MonitoringQueries.alertNames().stream()
                .map(alert -> "alertname: " + alert + "\n        exp_alerts: []\n").toList());
        assertThat(Files.readString(MonitoringQueries.ALERT_TESTS)).contains(MonitoringQueries.alertNames().stream()
                .map(alert -> "alertname: " + alert + "\n        exp_alerts:\n").toList());
    }
}
