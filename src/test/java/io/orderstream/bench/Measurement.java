package io.orderstream.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What was measured in one round.
 *
 * @param figures those that are known
 */
record Measurement(Map<Figure, Double> figures) {

    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;

    /** What a contender took for so many records between two moments. */
    static Measurement between(Moment start, Moment end, long records, GcLog gc) {
        Measurement measured = new Measurement(new EnumMap<>(Figure.class));
        double seconds = (end.nanos() - start.nanos()) / NANOS;
        gc.bytesPerSecond(start.gcLines(), end.gcLines())
                .ifPresent(bytes -> measured.figures.put(Figure.BYTES, bytes * seconds / records));
        return measured.with(Figure.ORDERS, records).with(Figure.PER_SECOND, records / seconds)
                .with(Figure.CPU, end.cpu().minus(start.cpu()).toNanos() / NANOS * MILLION / records)
                .with(Figure.BROKER_CPU, end.brokerCpu().minus(start.brokerCpu()).toNanos() / NANOS * MILLION / records)
                .with(Figure.PEAK_MEMORY, end.peakMegabytes());
    }

    /** What an endpoint or a contender has printed, as {@code name=value}, separated by blanks. */
    static Measurement parse(String report) {
        Map<String, Figure> names = Map.of("p50", Figure.P50, "p99", Figure.P99, "p999", Figure.P999, "standstill",
                Figure.STANDSTILL, "caughtUp", Figure.CAUGHT_UP, "twice", Figure.TWICE);
        return new Measurement(Stream.of(report.trim().split(" ")).map(pair -> pair.split("="))
                .collect(Collectors.toMap(pair -> names.get(pair[0]), pair -> Double.parseDouble(pair[1]))));
    }

    /** The same with one more figure, or with another value of it. */
    Measurement with(Figure figure, double value) {
        Map<Figure, Double> all = new EnumMap<>(Figure.class);
        all.putAll(figures);
        all.put(figure, value);
        return new Measurement(all);
    }

    /** The same with the figures of another one. */
    Measurement with(Measurement other) {
        Map<Figure, Double> all = new EnumMap<>(Figure.class);
        all.putAll(figures);
        all.putAll(other.figures);
        return new Measurement(all);
    }

    /** The median of a figure, if each round has it. */
    static OptionalDouble median(List<Measurement> rounds, Figure figure) {
        if (!rounds.stream().allMatch(round -> round.figures.containsKey(figure))) {
            return OptionalDouble.empty();
        }
        double[] sorted = values(rounds, figure).sorted().toArray();
        return OptionalDouble.of((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    }

    /** A figure of the rounds that have it. */
    static DoubleStream values(List<Measurement> rounds, Figure figure) {
        return rounds.stream().filter(round -> round.figures.containsKey(figure))
                .mapToDouble(round -> round.figures.get(figure));
    }
}
