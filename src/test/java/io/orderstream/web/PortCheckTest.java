package io.orderstream.web;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

import io.orderstream.settings.InvalidSettingException;

class PortCheckTest {

    @Test
    void shouldRefuseOnePortForTheApiAndForMetrics() {
        assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new PortCheck(8080, 8080, true).check(null))
                .withMessage("METRICS_PORT must be another port than HTTP_PORT, but both are '8080'.");
    }

    @Test
    void shouldTakeDifferentPortsAnyFreePortAndWhatDevModeDoesNotUse() {
        assertThatNoException().isThrownBy(() -> new PortCheck(8080, 9000, true).check(null));
        assertThatNoException().isThrownBy(() -> new PortCheck(0, 0, true).check(null));
        assertThatNoException().isThrownBy(() -> new PortCheck(9000, 9000, false).check(null));
    }
}
