package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAccessTest {

    @ParameterizedTest
    @ValueSource(strings = { "", "localhost:8081", "ftp://host", "http://", "http://host?x=1", "http://ho st" })
    void shouldRefuseWhatIsNoUrl(String url) {
        assertThatThrownBy(() -> new RegistryAccess(List.of(url), Optional.empty(), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + url + "'");
    }
}
