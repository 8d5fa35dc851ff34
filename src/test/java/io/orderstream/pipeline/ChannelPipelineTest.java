package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPipelineTest {

    @ParameterizedTest
    @CsvSource({ "300, 9999, false", "301, 9999, true", "301, 301, true", "9999, 300, false", "9999, 0, false" })
    void shouldAskForARestartOnlyWhenTheBrokerHasBeenThereAsLong(int secondsSinceLastPoll, int secondsBrokerPresent,
            boolean isStalled) {
        assertThat(ChannelPipeline.isStalled(Duration.ofSeconds(secondsSinceLastPoll),
                Duration.ofSeconds(secondsBrokerPresent))).isEqualTo(isStalled);
    }
}
