package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;

class OutageMetersTest {

    private static final List<String> ORDERS = List.of("orders");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Outages outages = new Outages();

    @Test
    void shouldHaveAZeroOfEveryCauseBeforeAnyPipelineHasStarted() {
        // When
        OutageMeters.bind(registry, outages, ORDERS);

        // Then
        assertThat(registry.getMeters()).hasSize(2 * OutageCause.values().length)
                .allSatisfy(meter -> assertThat(value(meter)).isZero());
        assertThat(registry.find(Metric.OUTAGE.id()).tag("pipeline", "orders").gauges())
                .extracting(gauge -> gauge.getId().getTag("cause"))
                .containsExactlyInAnyOrder("dependency", "registry", "broker");
    }

    @Test
    void shouldCountTheSecondsWhileAnOutageLastsAndAfterIt() {
        // Given
        OutageMeters.bind(registry, outages, ORDERS);
        PipelineOutages orders = outages.of("orders");

        // When
        long begin = System.nanoTime();
        orders.begins(OutageCause.REGISTRY, "refused");

        // Then
        assertThat(gauge("registry")).isOne();
        assertThat(gauge("dependency")).isZero();
        await().until(() -> seconds("registry") > 0.05);
        orders.ends(OutageCause.REGISTRY);
        double most = (System.nanoTime() - begin) / 1e9;
        assertThat(gauge("registry")).isZero();
        assertThat(seconds("registry")).isBetween(0.05, most).isEqualTo(seconds("registry"));
        assertThat(seconds("dependency")).isZero();
    }

    @Test
    void shouldTakeThePlaceOfTheMetersOfAnApplicationThatRanBefore() {
        // Given
        OutageMeters.bind(registry, new Outages(), ORDERS);

        // When
        OutageMeters.bind(registry, outages, ORDERS);
        outages.of("orders").begins(OutageCause.DEPENDENCY, "refused");

        // Then
        assertThat(registry.getMeters()).hasSize(2 * OutageCause.values().length);
        assertThat(gauge("dependency")).isOne();
        await().until(() -> seconds("dependency") > 0);
    }

    @Test
    void shouldHaveThoseOfEveryPipelineThatIsSwitchedOn() {
        // When
        OutageMeters.bind(registry, outages, List.of("orders", "events"));

        // Then
        assertThat(registry.find(Metric.OUTAGE.id()).tag("pipeline", "events").gauges()).hasSize(OutageCause.values().length);
        assertThat(outages.pipelines()).extracting(PipelineOutages::pipeline).containsExactly("events", "orders");
    }

    private double gauge(String cause) {
        return registry.get(Metric.OUTAGE.id()).tag("cause", cause).gauge().value();
    }

    private double seconds(String cause) {
        return registry.get(Metric.OUTAGE_SECONDS.id()).tag("cause", cause).functionCounter().count();
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }
}
