package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;

import io.orderstream.testsupport.AppProcess;

/**
 * A contender that prints a {@link SelfReport} when it is done, and then stays.
 *
 * @param name what the table calls it
 * @param starter starts it with these environment variables
 */
record SelfMeasured(String name, Function<Map<String, String>, AppProcess> starter) implements Contender {

    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS = 1e9;

    @Override
    public Measurement run(BenchOrders orders, String group) {
        try (AppProcess process = starter.apply(orders.environment(group))) {
            MatchResult report = process.awaitLine("measured: records=(\\d+) cents=(\\d+) nanos=(\\d+) cpuNanos=(\\d+)",
                    orders.patience());
            long records = Long.parseLong(report.group(1));
            assertThat(records).as("orders counted by " + name).isEqualTo(orders.records());
            assertThat(Long.parseLong(report.group(2))).as("cents counted by " + name).isEqualTo(orders.cents());
            await().atMost(COMMIT_PATIENCE).untilAsserted(() -> assertThat(orders.committed(group).values().stream()
                    .mapToLong(Long::longValue).sum()).as("orders committed by " + name).isEqualTo(records));
            return Measurement.of(records, Long.parseLong(report.group(3)) / NANOS, Long.parseLong(report.group(4)) / NANOS,
                    ProcessFigures.peakMegabytes(process.handle()));
        }
    }
}
