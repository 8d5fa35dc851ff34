package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class DerivedSettingsTest {

    @ParameterizedTest
    @CsvSource({ "orderstream.a.form-is-json, json, true", "orderstream.a.form-is-json, JSON, true",
            "orderstream.a.form-is-json, plain, false", "orderstream.a.form-is-json,, ", "orderstream.a.form, json, json",
            "other.a.form-is-json, json, " })
    void shouldGiveAChoiceAsASwitch(String asked, String value, String answer) {
        // Given
        Map<String, String> properties = value == null ? Map.of()
                : Map.of("orderstream.a.form", value, "other.a.form", value);
        SmallRyeConfig config = new SmallRyeConfigBuilder().addDefaultInterceptors()
                .withInterceptors(new DerivedSettings()).withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();

        // Then
        assertThat(config.getConfigValue(asked).getValue()).isEqualTo(answer);
    }
}
