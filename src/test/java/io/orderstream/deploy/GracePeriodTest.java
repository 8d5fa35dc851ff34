package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pod has as long to stop as the application may take. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GracePeriodTest {

    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Overlays overlays = new Overlays();

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldWaitForTheLongestStopThereIs(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);
        Workload application = Workload.application(manifests);
        Map<String, String> environment = Environment.of(manifests, application, (secret, key) -> "");

        // When
        Duration before = Duration.ofSeconds(application.container().getLifecycle().getPreStop().getSleep().getSeconds());
        Duration longest = before.plus(LongestStop.of(environment));

        // Then
        assertThat(Duration.ofSeconds(application.pod().getTerminationGracePeriodSeconds()))
                .isBetween(longest, longest.plus(SLACK));
    }

    @Test
    void shouldGrowWithTheTimeOfADrainForEachChannel() {
        assertThat(LongestStop.of(Map.of("DRAIN_TIMEOUT", "15s"))).isEqualTo(LongestStop.of(Map.of()).plusSeconds(4 * 10));
    }
}
