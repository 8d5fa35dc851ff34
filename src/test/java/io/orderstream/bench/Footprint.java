package io.orderstream.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What one start of the packaged application took.
 *
 * @param firstOrderSeconds from the start of the process to the first processed order
 * @param cpuSeconds CPU time, user and system, until then
 * @param megabytes memory resident when all orders are processed
 * @param peakMegabytes the most memory resident until then
 */
record Footprint(double firstOrderSeconds, double cpuSeconds, double megabytes, double peakMegabytes) {

    static final List<String> HEAD = List.of(
            "| JDK | class data | first order, s | CPU until then, s | RSS, MB | peak RSS, MB |",
            "|---|---|---:|---:|---:|---:|");

    /** The median of each figure on its own. */
    static Footprint median(List<Footprint> runs) {
        return new Footprint(median(runs, Footprint::firstOrderSeconds), median(runs, Footprint::cpuSeconds),
                median(runs, Footprint::megabytes), median(runs, Footprint::peakMegabytes));
    }

    private static double median(List<Footprint> runs, ToDoubleFunction<Footprint> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        return Arrays.stream(sorted).skip((sorted.length - 1) / 2).limit(2 - sorted.length % 2).average().orElseThrow();
    }

    /** A row of the table with {@link #HEAD}. */
    String row(String jdk, String classData) {
        return String.format(Locale.ROOT, "| %s | %s | %.2f | %.2f | %.0f | %.0f |", jdk, classData, firstOrderSeconds,
                cpuSeconds,
                megabytes, peakMegabytes);
    }
}
