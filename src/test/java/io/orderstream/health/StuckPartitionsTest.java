package io.orderstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.commit.PartitionState;
import io.orderstream.health.StuckPartitionsCheck.StuckPartitions;

class StuckPartitionsTest {

    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({ "PT59S, PT1H, false, false", "PT60S, PT1H, false, false", "PT61S, PT1H, true, true",
            "PT61S, PT60S, true, true",
            "PT61S, PT59.9S, true, false", "PT2H, PT0S, true, false", "PT1S, PT0S, false, false" })
    void shouldTakeAnOldRecordForStuckOnlyAwayFromOutages(Duration age, Duration sinceLastOutage, boolean isOld,
            boolean areStuck) {
        // Given
        PartitionState partition = new PartitionState(new TopicPartition("orders", 3), 17, 1, age);
        PartitionState other = new PartitionState(new TopicPartition("orders-retry", 0), 4, 0, Duration.ZERO);

        // When
        StuckPartitions stuck = StuckPartitions.of(List.of(other, partition), STUCK_AFTER, sinceLastOutage);

        // Then
        assertThat(stuck.old()).isEqualTo(isOld ? List.of(partition) : List.of());
        assertThat(stuck.areStuck()).isEqualTo(areStuck);
    }
}
