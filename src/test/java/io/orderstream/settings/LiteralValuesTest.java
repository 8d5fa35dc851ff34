package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.annotation.Priority;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.Priorities;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class LiteralValuesTest {

    /** As application.properties refers to a setting, and to a variable of somebody else's. */
    private static final Map<String, String> FILE = Map.of("of.a.setting", "<${orderstream.trial.password}>", "of.a.variable",
            "<${SOME_SECRET:none}>", "of.both", "${of.a.setting}${of.a.variable}", "x", "expanded");

    static Stream<String> values() {
        return Stream.of("pa$$word", "p${x}w", "${x}", "$", "$$", "$$$", "${", "$}", "\\", "\\\\", "\\$", "\\\\$x", "\\${x}",
                "a\\b${x:y}", "${x:$}", "$x", "a$", "${no.such:\\}$$", "a,b", "a\\,b", "  spaces  $ ", "#", "\"quoted\"", "'$'",
                "päß wörd €$", "${orderstream.trial.topic}", "${crypto::x}", "{x}", "}$${");
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldTakeAVariableForWhatItIsWhoeverRefersToIt(String value) {
        // When
        SmallRyeConfig config = config(
                Map.of("TRIAL_USER", value, "TRIAL_PASSWORD", value, "SOME_SECRET", value, "KAFKA_SASL_JAAS_CONFIG", value));

        // Then
        assertThat(config.getConfigMapping(TrialSettings.class).password()).contains(value);
        assertThat(config.getConfigMapping(TrialSettings.class).user()).contains(value);
        assertThat(config.getValue("of.a.setting", String.class)).isEqualTo("<" + value + ">");
        assertThat(config.getValue("of.a.variable", String.class)).isEqualTo("<" + value + ">");
        assertThat(config.getValue("of.both", String.class)).isEqualTo("<" + value + "><" + value + ">");
        assertThat(config.getValue("SOME_SECRET", String.class)).isEqualTo(value);
        assertThat(config.getValue("kafka.sasl.jaas.config", String.class)).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldTakeASystemPropertyForWhatItIs(String value) {
        // Given
        String name = "orderstream.test.literal";
        System.setProperty(name, value);
        try {
            SmallRyeConfig config = new SmallRyeConfigBuilder().addDefaultInterceptors().addSystemSources()
                    .withSources(new PropertiesConfigSource(Map.of("other", "<${" + name + "}>"), "file", 100))
                    .withInterceptors(new LiteralValues()).build();

            // Then
            assertThat(config.getValue(name, String.class)).isEqualTo(value);
            assertThat(config.getValue("other", String.class)).isEqualTo("<" + value + ">");
        } finally {
            System.clearProperty(name);
        }
    }

    @Test
    void shouldHoldTheValueItselfAgainstTheRule() {
        assertThatThrownBy(() -> config(Map.of("TRIAL_TOPIC", "${x}")))
                .hasMessageContaining("TRIAL_TOPIC must be the name of a topic").hasMessageContaining("but is '${x}'.");
    }

    @Test
    void shouldExpandExpressionsOfFilesOnce() {
        // Given
        Map<String, String> file = Map.of("orderstream.trial.password", "${x}$$y", "orderstream.trial.user", "${x}", "x",
                "a$$b");

        // When
        SmallRyeConfig config = builder(Map.of(), file).build();

        // Then
        assertThat(config.getConfigMapping(TrialSettings.class).password()).contains("a$b$y");
        assertThat(config.getConfigMapping(TrialSettings.class).user()).contains("a$b");
    }

    private static SmallRyeConfig config(Map<String, String> environment) {
        return builder(environment, FILE).build();
    }

    private static SmallRyeConfigBuilder builder(Map<String, String> environment, Map<String, String> file) {
        return new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredConverters()
                .withSources(new EnvConfigSource(environment, 300), new PropertiesConfigSource(file, "file", 100))
                .withInterceptors(new TrialInterceptor(), new DerivedSettings(), new LiteralValues())
                .withMapping(TrialSettings.class);
    }

    /** In the place that {@code io.orderstream.Settings} has. */
    @Priority(Priorities.LIBRARY + 260)
    private static final class TrialInterceptor extends SettingsInterceptor {

        private static final long serialVersionUID = 1L;

        TrialInterceptor() {
            super(() -> List.of(TrialSettings.class));
        }
    }
}
