package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

/** docker-compose.yml in the eyes of Docker's compose itself, which needs no engine for it. */
class ComposeConfigTest {

    @Test
    void shouldBeAFileDockerComposeTakes() {
        // Given
        Tool compose = Tool.compose();

        // When
        List<String> services = compose.check("-f", ComposeFile.PATH.toString(), "config", "--services");

        // Then
        assertThat(services).containsAll(new ComposeFile().services().keySet());
    }
}
