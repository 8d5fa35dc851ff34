package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Prometheus' and Grafana's files against docker-compose.yml, against each other, and against Prometheus' own tool. */
class MonitoringFilesTest {

    private static final Path PROMETHEUS = Path.of("src/main/monitoring/prometheus");
    private static final Path DASHBOARDS = Path.of("src/main/monitoring/grafana/dashboards");
    private static final Path PROVISIONING = Path.of("src/main/monitoring/grafana/provisioning");
    private static final ComposeFile COMPOSE = new ComposeFile();

    private final JsonNode prometheus = Yaml.read(PROMETHEUS.resolve("prometheus.yml"));
    private final JsonNode source = Yaml.read(PROVISIONING.resolve("datasources/prometheus.yml")).path("datasources").path(0);

    @Test
    void shouldScrapeTheApplicationWhereItListens() {
        // When
        JsonNode job = job(ComposeFile.APPLICATION);

        // Then
        assertThat(Yaml.texts(job.path("static_configs").path(0).path("targets"))).containsExactly(
                ComposeFile.APPLICATION + ":" + COMPOSE.environment(ComposeFile.APPLICATION).get("METRICS_PORT"));
        assertThat(job.path("metrics_path").asText()).isEqualTo("/q/metrics");
    }

    private JsonNode job(String name) {
        for (JsonNode job : prometheus.path("scrape_configs")) {
            if (job.path("job_name").asText().equals(name)) {
                return job;
            }
        }
        throw new AssertionError("no job " + name + " in " + prometheus);
    }

    @Test
    void shouldHaveTheRulesItNames() {
        assertThat(Yaml.texts(prometheus.path("rule_files"))).isNotEmpty()
                .allSatisfy(file -> assertThat(PROMETHEUS.resolve(file)).isRegularFile());
        assertThat(mountOf("prometheus", PROMETHEUS)).isEqualTo("/etc/prometheus");
    }

    @Test
    void shouldBeAConfigurationPrometheusTakes() {
        // Given
        Tool promtool = Tool.installed("promtool", "apt-get install prometheus");

        // When
        List<String> said = promtool.check("check", "config", PROMETHEUS.resolve("prometheus.yml").toString());

        // Then
        assertThat(String.join("\n", said)).contains("SUCCESS").doesNotContain("FAILED");
    }

    @Test
    void shouldLetGrafanaAskThatPrometheus() {
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:" + COMPOSE.ports("prometheus").get(0)[2]);
        assertThat(source.path("type").asText()).isEqualTo("prometheus");
        assertThat(source.path("jsonData").path("timeInterval").asText())
                .isEqualTo(prometheus.path("global").path("scrape_interval").asText());
        assertThat(mountOf("grafana", PROVISIONING)).isEqualTo("/etc/grafana/provisioning");
    }

    @Test
    void shouldLoadTheDashboardsFromWhereTheyAreMounted() {
        // When
        JsonNode provider = Yaml.read(PROVISIONING.resolve("dashboards/orderstream.yml")).path("providers").path(0);

        // Then
        assertThat(provider.path("type").asText()).isEqualTo("file");
        assertThat(provider.path("options").path("path").asText()).isEqualTo(mountOf("grafana", DASHBOARDS));
    }

    /** Where a directory of the repository is in a service's container. */
    private static String mountOf(String service, Path directory) {
        return COMPOSE.mounts(service).stream().filter(mount -> Path.of(mount[0]).normalize().equals(directory))
                .map(mount -> mount[1]).findFirst().orElseThrow();
    }

    @Test
    void shouldKnowTheDataSourceOfEachDashboard() throws IOException {
        // When
        List<Path> dashboards = dashboards();

        // Then
        assertThat(dashboards).isNotEmpty().allSatisfy(dashboard -> assertThat(dataSources(dashboard))
                .containsExactly(source.path("uid").asText()));
    }

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private static Set<String> dataSources(Path dashboard) throws IOException {
        return new ObjectMapper().readTree(dashboard.toFile()).findValues("datasource").stream()
                .map(named -> named.path("uid").asText()).filter(uid -> !uid.equals("-- Grafana --"))
                .collect(Collectors.toSet());
    }
}
