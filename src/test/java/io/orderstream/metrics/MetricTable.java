package io.orderstream.metrics;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders the declared metrics as the table in docs/operations.md. */
final class MetricTable {

    private static final String HEAD = "| Metric | Type | Labels | Tells |\n|---|---|---|---|\n";

    private MetricTable() {
    }

    static String render() {
        return Stream.of(Metric.values()).map(MetricTable::row).collect(Collectors.joining("", HEAD, ""));
    }

    private static String row(Metric metric) {
        String labels = metric.tags().stream().map(tag -> "`" + tag.label() + "`").collect(Collectors.joining(", "));
        return "| `" + metric.prometheusName() + "` | " + (metric.kind() == Metric.Kind.TIMER ? "histogram"
                : metric.kind().name().toLowerCase(Locale.ROOT)) + " | " + labels + " | " + metric.help() + " |\n";
    }
}
