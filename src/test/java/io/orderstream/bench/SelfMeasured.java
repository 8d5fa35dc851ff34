package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;

import io.orderstream.testsupport.AppProcess;

/**
 * A contender that prints a {@link SelfReport} when it is done, and then stays.
 *
 * @param name what the table calls it
 * @param starter starts it with these options of its JVM and these environment variables
 * @param settings further environment variables
 */
record SelfMeasured(String name, BiFunction<List<String>, Map<String, String>, AppProcess> starter,
        Map<String, String> settings)
        implements
            Contender {

    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS = 1e9;

    /** The same with one more setting. */
    SelfMeasured with(String setting, Object value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value.toString());
        return new SelfMeasured(name, starter, more);
    }

    SelfMeasured named(String other) {
        return new SelfMeasured(other, starter, settings);
    }

    @Override
    public Measurement run(BenchOrders orders, String group) {
        Map<String, String> environment = new HashMap<>(orders.environment(group));
        environment.putAll(settings);
        long letters = orders.deadLetters();
        try (AppProcess process = starter.apply(Contender.jvmOptions(group), environment)) {
            GcLog gc = Contender.gcLog(group);
            process.awaitLine("measuring", PATIENCE);
            Moment start = Moment.of(process.handle(), orders.broker(), gc);
            orders.isRead();
            MatchResult report = process.awaitLine(
                    "measured: records=(\\d+) cents=(\\d+) deadLetters=(\\d+) nanos=(\\d+) cpuNanos=(\\d+)", PATIENCE);
            Moment end = Moment.of(process.handle(), orders.broker(), gc);
            assertThatAllIsCounted(orders, report);
            await().atMost(COMMIT_PATIENCE).untilAsserted(() -> {
                assertThat(orders.committed(group)).as("orders committed by " + name).isEqualTo(orders.records());
                assertThat(orders.deadLetters() - letters).as("dead letters of " + name).isEqualTo(orders.poison());
            });
            return percentiles(process).with(Measurement.between(start, end, orders.records(), gc))
                    .with(Figure.PER_SECOND, orders.records() * NANOS / number(report, 4))
                    .with(Figure.CPU, number(report, 5) / NANOS * 1_000_000 / orders.records());
        }
    }

    private void assertThatAllIsCounted(BenchOrders orders, MatchResult report) {
        assertThat(number(report, 1)).as("orders counted by " + name).isEqualTo(orders.records());
        assertThat(number(report, 2)).as("cents counted by " + name).isEqualTo(orders.cents());
        assertThat(number(report, 3)).as("dead letters counted by " + name).isEqualTo(orders.poison());
    }

    private static long number(MatchResult report, int group) {
        return Long.parseLong(report.group(group));
    }

    /** Those it has printed, if it was asked. */
    static Measurement percentiles(AppProcess process) {
        return process.matches("latencies: (.*)").stream().findFirst()
                .map(latencies -> Measurement.parse(latencies.group(1))).orElse(new Measurement(Map.of()));
    }
}
