package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.deploy.MonitoringQueries.PromQuery;
import io.orderstream.metrics.Metric;
import io.orderstream.metrics.Tag;

/**
 * Prometheus' and Grafana's files against docker-compose.yml, against each other, and against Prometheus' own tool. That each
 * metric they name is there in a scrape is shown by OrderMetricsFullTest.
 */
class MonitoringTest {

    private static final Path PROMETHEUS = Path.of("src/main/monitoring/prometheus");
    private static final Path PROVISIONING = Path.of("src/main/monitoring/grafana/provisioning");
    private static final ComposeFile COMPOSE = new ComposeFile();
    /** Labels Prometheus itself gives. */
    private static final List<String> GIVEN = List.of("instance", "job");

    private final JsonNode prometheus = Yaml.read(PROMETHEUS.resolve("prometheus.yml"));
    private final List<JsonNode> alerts = Yaml.read(MonitoringQueries.ALERTS).findParents("alert");

    @Test
    void shouldScrapeTheApplicationWhereItListens() {
        // When
        JsonNode job = prometheus.at("/scrape_configs/0");

        // Then
        assertThat(job.path("job_name").asText()).isEqualTo(ComposeFile.APPLICATION);
        assertThat(Yaml.texts(job.at("/static_configs/0/targets"))).containsExactly(
                ComposeFile.APPLICATION + ":" + COMPOSE.environment(ComposeFile.APPLICATION).get("METRICS_PORT"));
        assertThat(job.path("metrics_path").asText()).isEqualTo("/q/metrics");
    }

    @Test
    void shouldLetGrafanaAskThatPrometheus() {
        // When
        JsonNode source = Yaml.read(PROVISIONING.resolve("datasources/prometheus.yml")).at("/datasources/0");

        // Then
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:" + COMPOSE.ports("prometheus").get(0)[2]);
        assertThat(source.at("/jsonData/timeInterval").asText()).isEqualTo(prometheus.at("/global/scrape_interval").asText());
        assertThat(MonitoringQueries.dashboard().findValues("datasource")).isNotEmpty()
                .allSatisfy(named -> assertThat(named.path("uid").asText()).isEqualTo(source.path("uid").asText()));
    }

    @Test
    void shouldBeMountedWhereItIsReadFrom() {
        assertThat(Yaml.texts(COMPOSE.service("prometheus").path("command")))
                .contains("--config.file=" + mountOf("prometheus", PROMETHEUS) + "/prometheus.yml");
        assertThat(mountOf("grafana", PROVISIONING)).isEqualTo("/etc/grafana/provisioning");
        assertThat(Yaml.read(PROVISIONING.resolve("dashboards/orderstream.yml")).at("/providers/0/options/path").asText())
                .isEqualTo(mountOf("grafana", MonitoringQueries.DASHBOARDS));
    }

    /** Where a directory of the repository is in a service's container. */
    private static String mountOf(String service, Path directory) {
        return COMPOSE.mounts(service).stream().filter(mount -> Path.of(mount[0]).normalize().equals(directory))
                .map(mount -> mount[1]).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveAPanelForEachMetric(Metric metric) {
        // When
        Set<String> shown = MonitoringQueries.ofPanels().stream().flatMap(query -> new PromQuery(query).metrics().stream())
                .collect(Collectors.toSet());

        // Then
        assertThat(shown).containsAnyElementsOf(scraped(metric).keySet());
    }

    @Test
    void shouldAskForNoMetricAndNoLabelThatIsNotThere() {
        // Given
        Map<String, Set<String>> known = new HashMap<>();
        Stream.of(Metric.values()).map(MonitoringTest::scraped).forEach(known::putAll);

        // Then
        assertThat(MonitoringQueries.all()).hasSizeGreaterThan(alerts.size())
                .allSatisfy(query -> assertThat(new PromQuery(query).labels()).allSatisfy((metric, labels) -> {
                    assertThat(known).as(query).containsKey(metric);
                    assertThat(labels).as(query).isSubsetOf(known.get(metric));
                }));
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
    void shouldSayOfEachAlertWhatToDo() throws IOException {
        // Given
        String runBook = Files.readString(Path.of("docs", "operations.md"));

        // Then
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
            assertThat(runBook).contains("\n### " + name(alert) + "\n");
            assertThat(alert.at("/annotations/runbook").asText())
                    .isEqualTo("docs/operations.md#" + name(alert).toLowerCase(Locale.ROOT));
        });
    }

    private static String name(JsonNode alert) {
        return alert.get("alert").asText();
    }

    @Test
    void shouldFireWhenItShouldAndNotBefore() {
        // Given
        Tool promtool = Tool.promtool();
        Path tests = PROMETHEUS.resolve("alerts.test.yml");
        List<JsonNode> tested = Yaml.read(tests).findParents("alertname");
        List<String> names = alerts.stream().map(MonitoringTest::name).toList();

        // Then
        assertThat(promtool.check("test", "rules", tests.toString())).contains("SUCCESS");
        assertThat(promtool.check("check", "config", PROMETHEUS.resolve("prometheus.yml").toString()))
                .contains("SUCCESS: " + alerts.size() + " rules found");
        // And each alert is tested, also for when it must not fire
        assertThat(tested).filteredOn(test -> test.path("exp_alerts").isEmpty())
                .extracting(test -> test.get("alertname").asText()).containsAll(names);
        assertThat(tested).filteredOn(test -> !test.path("exp_alerts").isEmpty())
                .extracting(test -> test.get("alertname").asText()).containsAll(names);
    }
}
