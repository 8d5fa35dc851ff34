package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.kafka.PartitionLag;
import io.orderstream.testsupport.LogLines;

class LagRowsTest {

    private final LogLines log = new LogLines(LagMonitor.class);
    private final LagMonitor.LagRows rows = new LagMonitor.LagRows();

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void shouldHaveARowForEachPartition() {
        assertThat(rows.of("group", "orders",
                () -> Map.of(new TopicPartition("orders", 0), new PartitionLag(3, 0), new TopicPartition("orders", 1),
                        new PartitionLag(0, 0))))
                .hasSize(2);
    }

    @Test
    void shouldSayOnceWhatIsRefusedAndAgainWhenItWasNotMeanwhile() {
        // Given
        Supplier<Map<TopicPartition, PartitionLag>> topic = () -> {
            throw new TopicAuthorizationException(Set.of("orders"));
        };
        Supplier<Map<TopicPartition, PartitionLag>> group = () -> {
            throw GroupAuthorizationException.forGroupId("other");
        };

        // Then
        assertThat(rows.of("group", "orders", topic)).isEmpty();
        assertThat(rows.of("group", "orders", topic)).isEmpty();
        assertThat(rows.of("other", "orders", group)).isEmpty();
        assertThat(rows.of("group", "orders", Map::of)).isEmpty();
        assertThat(rows.of("group", "orders", topic)).isEmpty();
        assertThat(log.lines()).containsExactly(
                "lag is not shown: group=group topic=orders reason=\"Not authorized to access topics: [orders]\"",
                "lag is not shown: group=other topic=orders reason=\"Not authorized to access group: other\"",
                "lag is shown again: group=group topic=orders",
                "lag is not shown: group=group topic=orders reason=\"Not authorized to access topics: [orders]\"");
    }

    @Test
    void shouldEndTheLookWhereTheBrokerDoesNotAnswer() {
        assertThatThrownBy(() -> rows.of("group", "orders", () -> {
            throw new TimeoutException("away");
        })).isInstanceOf(TimeoutException.class);
    }
}
