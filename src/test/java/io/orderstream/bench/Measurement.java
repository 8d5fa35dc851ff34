package io.orderstream.bench;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What one contender took for the orders, from the first it saw to the last.
 *
 * @param recordsPerSecond its throughput
 * @param cpuSecondsPerMillion CPU time, user and system, of its process
 * @param peakMegabytes the most memory it had resident since its start, empty where the system does not tell
 */
record Measurement(double recordsPerSecond, double cpuSecondsPerMillion, OptionalDouble peakMegabytes) {

    /** @param records how many were measured */
    static Measurement of(long records, double seconds, double cpuSeconds, OptionalDouble peakMegabytes) {
        return new Measurement(records / seconds, cpuSeconds * 1_000_000 / records, peakMegabytes);
    }

    /** The median of each figure on its own. */
    static Measurement median(List<Measurement> rounds) {
        boolean peaksKnown = rounds.stream().allMatch(round -> round.peakMegabytes.isPresent());
        return new Measurement(median(rounds, Measurement::recordsPerSecond),
                median(rounds, Measurement::cpuSecondsPerMillion),
                peaksKnown ? OptionalDouble.of(median(rounds, round -> round.peakMegabytes.getAsDouble()))
                        : OptionalDouble.empty());
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
