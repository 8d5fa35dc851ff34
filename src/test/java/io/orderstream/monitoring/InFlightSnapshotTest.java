package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.PartitionState;

class InFlightSnapshotTest {

    private static final TopicPartition BUSY = new TopicPartition("orders", 0);
    private static final TopicPartition IDLE = new TopicPartition("orders", 1);
    private static final long SEEN_AT = Duration.ofHours(1).toNanos();

    private final InFlightSnapshot seen = new InFlightSnapshot(
            List.of(new PartitionState(BUSY, 10, 3, Duration.ofSeconds(7)), new PartitionState(IDLE, 4, 0, Duration.ZERO)), 2,
            SEEN_AT);

    @Test
    void shouldAddUpWhatIsInWork() {
        assertThat(seen.inFlight()).isEqualTo(3);
        assertThat(InFlightSnapshot.NOTHING.inFlight()).isZero();
    }

    @Test
    void shouldGrowOlderSinceItWasSeen() {
        assertThat(age(BUSY, 0)).isEqualTo(7);
        assertThat(age(BUSY, 30)).isEqualTo(37);
    }

    @Test
    void shouldHaveNoAgeWithoutWork() {
        assertThat(age(IDLE, 1)).isZero();
        assertThat(age(new TopicPartition("orders", 2), 1)).isZero();
    }

    @Test
    void shouldTakeAPipelineThatDoesNotAnswerForOneThatHasWork() {
        assertThat(age(IDLE, 60)).isEqualTo(60);
    }

    private double age(TopicPartition partition, int secondsLater) {
        return seen.oldestAge(partition, SEEN_AT + Duration.ofSeconds(secondsLater).toNanos());
    }
}
