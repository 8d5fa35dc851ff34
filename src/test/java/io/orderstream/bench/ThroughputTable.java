package io.orderstream.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The measurements as Markdown: medians first, then every round. The contender that is added first is the yardstick. */
final class ThroughputTable {

    private final Map<String, List<Measurement>> rounds = new LinkedHashMap<>();

    void add(String contender, Measurement measured) {
        rounds.computeIfAbsent(contender, name -> new ArrayList<>()).add(measured);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "| contender | records a second | CPU seconds per million | peak RSS, MB | ratio to the bare loop |",
                "|---|---:|---:|---:|---:|"));
        double yardstick = Double.NaN;
        for (Map.Entry<String, List<Measurement>> contender : rounds.entrySet()) {
            Measurement median = Measurement.median(contender.getValue());
            yardstick = Double.isNaN(yardstick) ? median.recordsPerSecond() : yardstick;
            lines.add(format("| %s | %,.0f | %.2f | %s | %.2f |", contender.getKey(), median.recordsPerSecond(),
                    median.cpuSecondsPerMillion(), megabytes(median.peakMegabytes()), median.recordsPerSecond() / yardstick));
        }
        lines.addAll(List.of("", "| round | contender | records a second | CPU seconds per million | peak RSS, MB |",
                "|---:|---|---:|---:|---:|"));
        rounds.forEach((contender, measured) -> {
            for (int i = 0; i < measured.size(); i++) {
                lines.add(format("| %d | %s | %,.0f | %.2f | %s |", i + 1, contender, measured.get(i).recordsPerSecond(),
                        measured.get(i).cpuSecondsPerMillion(), megabytes(measured.get(i).peakMegabytes())));
            }
        });
        return lines;
    }

    private static String megabytes(OptionalDouble figure) {
        return figure.isPresent() ? format("%.0f", figure.getAsDouble()) : "";
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
