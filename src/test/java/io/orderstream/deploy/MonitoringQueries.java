package io.orderstream.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The dashboards and alert rules, as far as they concern our metrics. */
public final class MonitoringQueries {

    static final Path ALERTS = Path.of("src", "main", "monitoring", "prometheus", "alerts.yml");
    static final Path ALERT_TESTS = ALERTS.resolveSibling("alerts.test.yml");
    private static final Path DASHBOARDS = Path.of("src", "main", "monitoring", "grafana", "dashboards");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    private MonitoringQueries() {
    }

    static JsonNode dashboard() {
        try {
            return new ObjectMapper().readTree(Files.readString(DASHBOARDS.resolve("orderstream.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The queries of all panels. */
    static List<String> queries() {
        return texts(dashboard().get("panels"), "expr");
    }

    /** The queries of the panel with this title. */
    static List<String> queries(String title) {
        return dashboard().get("panels").findParents("title").stream()
                .filter(panel -> panel.get("title").asText().equals(title)).flatMap(panel -> texts(panel, "expr").stream())
                .toList();
    }

    /** The queries of panels, of alerts, and of the choices of the dashboard. */
    static List<String> allQueries() {
        return Stream.of(queries(), texts(Yaml.read(ALERTS), "expr"), texts(dashboard().get("templating"), "definition"))
                .flatMap(List::stream).toList();
    }

    private static List<String> texts(JsonNode node, String field) {
        return node.findValues(field).stream().map(JsonNode::asText).toList();
    }

    static String alerts() {
        try {
            return Files.readString(ALERTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the alerts. */
    static List<String> alertNames() {
        return ALERT.matcher(alerts()).results().map(alert -> alert.group(1)).toList();
    }

    /** The metrics that panels, alerts and the choices of the dashboard name. */
    public static Set<String> metrics() {
        return allQueries().stream().flatMap(query -> new PromQuery(query).metrics().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
