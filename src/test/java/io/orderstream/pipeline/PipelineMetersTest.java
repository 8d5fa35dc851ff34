package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.totals.RunningTotals;

class PipelineMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PipelineMeters meters = new PipelineMeters(registry, "orders", new RunningTotals());
    private final Timer endToEnd = registry.get("orderstream.end.to.end").timer();

    @Test
    void shouldMeasureFromTheRecordsTimeToItsEnd() {
        // When
        meters.processed(Instant.now().minusSeconds(90).toEpochMilli());
        meters.deadLettered(DeadLetterKind.POISON, Instant.now().minusSeconds(10).toEpochMilli());

        // Then
        assertThat(endToEnd.count()).isEqualTo(2);
        assertThat(endToEnd.totalTime(TimeUnit.SECONDS)).isBetween(100.0, 110.0);
    }

    @Test
    void shouldNotMeasureWithAClockThatIsAheadOrWithoutATime() {
        // When
        meters.processed(Instant.now().plus(Duration.ofHours(1)).toEpochMilli());
        meters.processed(RecordBatch.NO_TIMESTAMP);

        // Then
        assertThat(endToEnd.totalTime(TimeUnit.SECONDS)).isZero();
        assertThat(endToEnd.count()).isOne();
        assertThat(registry.get("orderstream.records.processed").counter().count()).isEqualTo(2);
    }
}
