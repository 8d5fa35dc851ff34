package io.orderstream.web;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.orderstream.settings.InvalidSettingException;

class HttpCheckTest {

    private static final HttpSettings SETTINGS = new Http(false, 1, 200, 201, Optional.empty());

    private record Http(boolean postNeedsOperator, int maxPostsPerSecond, int maxStreamClients, int maxConnections,
            Optional<List<String>> hosts) implements HttpSettings {
    }

    @Test
    void shouldRefuseOnePortForTheApiAndForMetrics() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new HttpCheck(8080, 8080, true, SETTINGS).check(null))
                .withMessage("METRICS_PORT must be another port than HTTP_PORT, but both are '8080'.");
    }

    @Test
    void shouldTakeDifferentPortsAnyFreePortAndWhatDevModeDoesNotUse() {
        assertThatNoException().isThrownBy(() -> new HttpCheck(8080, 9000, true, SETTINGS).check(null));
        assertThatNoException().isThrownBy(() -> new HttpCheck(0, 0, true, SETTINGS).check(null));
        assertThatNoException().isThrownBy(() -> new HttpCheck(9000, 9000, false, SETTINGS).check(null));
    }

    @Test
    void shouldRefuseStreamsThatCanTakeAllConnections() {
        Http settings = new Http(false, 1, 200, 200, Optional.empty());
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new HttpCheck(8080, 9000, true, settings).check(null))
                .withMessage("MAX_CONNECTIONS must be more than MAX_STREAM_CLIENTS, which is '200', but is '200'.");
    }
}
