package io.orderstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ShownMetricsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    ShownMetricsTest() {
        registry.config().meterFilter(new ShownMetrics());
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowWhatIsDeclared(Metric metric) {
        // When
        String[] tags = Stream.generate(() -> "any").limit(metric.tags().size()).toArray(String[]::new);
        registry.gauge(metric.id(), metric.tags(tags), 1);

        // Then
        assertThat(registry.find(metric.id()).meter()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "jvm.memory.used", "jvm.gc.pause", "process.cpu.usage", "system.cpu.count",
            "http.server.requests" })
    void shouldShowWhatIsUsualOfAProcess(String name) {
        // When
        registry.counter(name);

        // Then
        assertThat(registry.find(name).meter()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "kafka.consumer.fetch.manager.records.lag", "kafka.producer.request.total",
            "netty.allocator.memory.used",
            "worker.pool.active", "ft.invocations.total", "http.server.bytes.read", "jvmlike" })
    void shouldLeaveOutWhatOthersCountOfThemselves(String name) {
        // When
        registry.counter(name);

        // Then
        assertThat(registry.getMeters()).isEmpty();
    }
}
