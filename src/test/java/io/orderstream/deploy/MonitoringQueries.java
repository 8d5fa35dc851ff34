package io.orderstream.deploy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/** The dashboard and the alert rules, as far as they concern our metrics. */
public final class MonitoringQueries {

    static final Path ALERTS = Path.of("src/main/monitoring/prometheus/alerts.yml");
    static final Path DASHBOARDS = Path.of("src/main/monitoring/grafana/dashboards");

    private MonitoringQueries() {
    }

    static JsonNode dashboard() {
        return Yaml.read(DASHBOARDS.resolve("orderstream.json"));
    }

    /** The queries of all panels. */
    static List<String> ofPanels() {
        return texts(dashboard().get("panels"), "expr");
    }

    /** The queries of panels, of alerts, and of the choices of the dashboard. */
    static List<String> all() {
        return Stream.of(ofPanels(), texts(Yaml.read(ALERTS), "expr"), texts(dashboard().get("templating"), "definition"))
                .flatMap(List::stream).toList();
    }

    private static List<String> texts(JsonNode node, String field) {
        return node.findValues(field).stream().map(JsonNode::asText).toList();
    }

    /** The metrics that panels, alerts and the choices of the dashboard name. */
    public static Set<String> metrics() {
        return all().stream().flatMap(query -> new PromQuery(query).metrics().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A query in the language of Prometheus, as far as it tells which labels of which of our metrics it relies on. */
    record PromQuery(String text) {

        private static final String TEXTS = "\"[^\"]*\"";
        private static final String NAMES = "\\s*\\(([a-z_, ]*)\\)";
        private static final Pattern METRIC = Pattern.compile("\\b(?:orderstream|kafka)_[a-z0-9_]+");
        private static final Pattern SELECTOR = Pattern.compile("(" + METRIC + ")\\{((?:[^\"}]|" + TEXTS + ")*)}");
        private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without)" + NAMES + "\\s*(\\()?");
        private static final Pattern MATCHING = Pattern.compile("\\b(?:on|ignoring|group_left|group_right)" + NAMES);
        /** It has no labels to be matched by. */
        private static final Pattern SCALAR = Pattern.compile("\\bscalar\\((?:[^()]|\\([^()]*\\))*\\)");
        private static final Pattern VALUES = Pattern.compile("\\blabel_values\\((" + METRIC + "), ([a-z_]+)\\)");
        private static final Pattern NAME = Pattern.compile("[a-z_]+");

        /** Names of our metrics, as they are in a scrape. */
        Set<String> metrics() {
            return METRIC.matcher(text.replaceAll(TEXTS, "\"\"")).results().map(MatchResult::group)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** For each of {@link #metrics()} the labels it has to have: those it is selected, grouped and matched by. */
        Map<String, Set<String>> labels() {
            Map<String, Set<String>> labels = new TreeMap<>();
            metrics().forEach(metric -> labels.put(metric, new TreeSet<>()));
            SELECTOR.matcher(text).results()
                    .forEach(found -> labels.get(found.group(1)).addAll(names(found.group(2).replaceAll(TEXTS, ""))));
            VALUES.matcher(text).results().forEach(found -> labels.get(found.group(1)).add(found.group(2)));
            GROUPING.matcher(text).results().forEach(found -> {
                if (found.group(2) == null) {
                    throw new IllegalArgumentException("labels have to stand before what is grouped by them: " + text);
                }
                new PromQuery(inParentheses(found.end())).metrics()
                        .forEach(metric -> labels.get(metric).addAll(names(found.group(1))));
            });
            Set<String> matched = new PromQuery(SCALAR.matcher(text).replaceAll("0")).metrics();
            MATCHING.matcher(text).results()
                    .forEach(found -> matched.forEach(metric -> labels.get(metric).addAll(names(found.group(1)))));
            return labels;
        }

        private static List<String> names(String list) {
            return NAME.matcher(list).results().map(MatchResult::group).toList();
        }

        /** What begins behind a parenthesis, up to the one that closes it. */
        private String inParentheses(int begin) {
            int open = 1;
            int end = begin;
            while (open > 0) {
                char next = text.charAt(end++);
                open += next == '(' ? 1 : next == ')' ? -1 : 0;
            }
            return text.substring(begin, end - 1);
        }
    }
}
