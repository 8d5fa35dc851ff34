package io.orderstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class MetricTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldTakeThePlaceOfWhatAnEarlierApplicationHasLeftAndLeaveOtherTagsAlone() {
        // Given
        Metric.LANES.gauge(registry, 1, Integer::doubleValue, "orders");
        Metric.OUTAGE_SECONDS.counter(registry, 1, Integer::doubleValue, "orders", "broker");

        // When
        Metric.LANES.gauge(registry, 2, Integer::doubleValue, "orders");
        Metric.LANES.gauge(registry, 3, Integer::doubleValue, "events");
        Metric.OUTAGE_SECONDS.counter(registry, 2, Integer::doubleValue, "orders", "broker");

        // Then
        assertThat(registry.find(Metric.LANES.id()).gauges()).extracting(Gauge::value).containsExactlyInAnyOrder(2.0, 3.0);
        assertThat(registry.get(Metric.OUTAGE_SECONDS.id()).functionCounter().count()).isEqualTo(2);
    }

    @Test
    void shouldShowNoRowAnEarlierApplicationHasLeft() {
        // Given
        Metric.CONSUMER_LAG.rows(registry).register(List.of(lag("orders", 1), lag("events", 1)));

        // When
        Metric.CONSUMER_LAG.rows(registry).register(List.of(lag("orders", 2)));

        // Then
        assertThat(registry.find(Metric.CONSUMER_LAG.id()).gauges()).extracting(Gauge::value).containsExactly(2.0);
    }

    private static Row<Number> lag(String topic, int lag) {
        return Row.of(Metric.CONSUMER_LAG.tags("group", topic, "0"), lag);
    }
}
