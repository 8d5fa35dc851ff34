package io.orderstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

import io.orderstream.testsupport.GeneratedPart;

/** What a scenario has shown: medians of its rounds as a table and as a plot, in its part of the document. */
final class Results {

    private final Scenario scenario;
    private final Map<Scenario.Row, List<Measurement>> rounds = new LinkedHashMap<>();

    Results(Scenario scenario) {
        this.scenario = scenario;
        scenario.rows().forEach(row -> rounds.put(row, new ArrayList<>()));
    }

    void add(Scenario.Row row, Measurement measured) {
        rounds.get(row).add(measured);
    }

    /**
     * Writes table and plot.
     *
     * @param document has a part with the name of the scenario; the plot is written beside it
     * @param circumstances a sentence on when and where this was measured
     */
    void write(Path document, String circumstances) throws IOException {
        List<String> lines = new ArrayList<>(List.of("", scenario.text() + " " + circumstances, ""));
        lines.addAll(table());
        String plot = "performance-" + scenario.name() + ".svg";
        Files.writeString(document.resolveSibling(plot), scenario.plot().draw(compared(), medians()));
        lines.addAll(List.of("", "![" + compared().title() + "](" + plot + ")", ""));
        Files.writeString(document, GeneratedPart.replaceIn(Files.readString(document), scenario.name(),
                String.join("\n", lines) + "\n"));
        lines.forEach(System.out::println);
    }

    private Figure compared() {
        return scenario.figures().get(0);
    }

    private double median(Scenario.Row row) {
        return Measurement.median(rounds.get(row), compared()).orElse(Double.NaN);
    }

    /** Those with the best form of each contender. */
    private List<Scenario.Row> shown() {
        return List.copyOf(scenario.rows().stream().collect(Collectors.toMap(Scenario.Row::family, row -> row,
                (one, other) -> median(other) > median(one) ? other : one, LinkedHashMap::new)).values());
    }

    private List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("| |" + scenario.figures().stream().map(figure -> " " + figure.title() + " |").collect(Collectors.joining())
                + " lowest to highest | ratio |");
        lines.add("|---|" + "---:|".repeat(scenario.figures().size() + 2));
        double yardstick = median(shown().get(0));
        for (Scenario.Row row : shown()) {
            List<Measurement> measured = rounds.get(row);
            lines.add("| " + row.name() + " |" + scenario.figures().stream()
                    .map(figure -> " " + text(Measurement.median(measured, figure), figure) + " |")
                    .collect(Collectors.joining())
                    + " " + spread(measured) + " | " + String.format(Locale.ROOT, "%.2f", median(row) / yardstick) + " |");
        }
        return lines;
    }

    private static String text(OptionalDouble value, Figure figure) {
        return value.isPresent() ? figure.text(value.getAsDouble()) : "";
    }

    private String spread(List<Measurement> measured) {
        return text(Measurement.values(measured, compared()).min(), compared()) + " to "
                + text(Measurement.values(measured, compared()).max(), compared());
    }

    private Map<String, Double> medians() {
        return shown().stream().collect(Collectors.toMap(Scenario.Row::name, this::median, (one, other) -> one,
                LinkedHashMap::new));
    }
}
