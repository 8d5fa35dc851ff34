package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

class NoColorTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "-, -, -", "1, -, false", "'', -, -", "1, true, true", "-, false, false" })
    void shouldTakeTheColoursFromTheConsoleWhereTheyAreNotWanted(String noColor, String ofQuarkus, String color) {
        // Given
        Map<String, String> properties = new HashMap<>(Map.of("quarkus.other", "1"));
        if (noColor != null) {
            properties.put("NO_COLOR", noColor);
        }
        if (ofQuarkus != null) {
            properties.put("quarkus.console.color", ofQuarkus);
        }

        // When
        String value = new SmallRyeConfigBuilder().addDefaultInterceptors().withInterceptors(new NoColor())
                .withSources(new PropertiesConfigSource(properties, "test", 100)).build()
                .getConfigValue("quarkus.console.color").getValue();

        // Then
        assertThat(value).isEqualTo(color);
    }
}
