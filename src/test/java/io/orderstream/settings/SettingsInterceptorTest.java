package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.annotation.Priority;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.Priorities;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class SettingsInterceptorTest {

    private static final String INTERVAL = "orderstream.trial.interval";
    private static final String INTERVAL_RULE = "TRIAL_INTERVAL must be a duration such as 500ms, 1s or PT1M from 10ms to 1h, ";

    @Test
    void shouldTakeTheDefaultWhereNothingIsSet() {
        // When
        TrialSettings settings = mapped(Map.of());

        // Then
        assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.attempts()).isEqualTo(3);
        assertThat(settings.count()).isEmpty();
        assertThat(settings.retention()).isEmpty();
        assertThat(settings.mode()).isEqualTo(TrialSettings.Mode.IN_PLACE);
    }

    @Test
    void shouldReadEverySettingByItsEnvironmentVariable() {
        // When
        TrialSettings settings = mapped(Map.of("TRIAL_ATTEMPTS", "7", "TRIAL_COUNT", "5", "TRIAL_RATE", "0.5",
                "TRIAL_INTERVAL", "2m", "TRIAL_RETENTION", "7d", "TRIAL_BACKOFF_SECONDS", "0.25", "TRIAL_ENABLED", "false",
                "TRIAL_MODE", "topic", "TRIAL_NAMES", "x,y"));

        // Then
        assertThat(settings.attempts()).isEqualTo(7);
        assertThat(settings.count()).hasValue(5);
        assertThat(settings.rate()).isEqualTo(0.5);
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.retention()).contains(Duration.ofDays(7));
        assertThat(settings.backoffSeconds()).isEqualTo(0.25);
        assertThat(settings.enabled()).isFalse();
        assertThat(settings.mode()).isEqualTo(TrialSettings.Mode.TOPIC);
        assertThat(settings.names()).containsExactly("x", "y");
    }

    @Test
    void shouldPreferTheEnvironmentVariableToTheProperty() {
        // When
        SmallRyeConfig config = config(Map.of("TRIAL_INTERVAL", "2s", INTERVAL, "3s"));

        // Then
        assertThat(config.getConfigMapping(TrialSettings.class).interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.getConfigValue(INTERVAL).getName()).isEqualTo(INTERVAL);
        assertThat(mapped(Map.of(INTERVAL, "3s")).interval()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "\t" })
    void shouldTakeAnEmptyEnvironmentVariableForUnset(String empty) {
        assertThat(mapped(Map.of("TRIAL_INTERVAL", empty, INTERVAL, "3s")).interval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(mapped(Map.of("TRIAL_INTERVAL", empty)).interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(mapped(Map.of("TRIAL_COUNT", empty)).count()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " " })
    void shouldTakeAnEmptyPropertyForUnset(String empty) {
        assertThat(mapped(Map.of(INTERVAL, empty)).interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(mapped(Map.of("orderstream.trial.retention", empty)).retention()).isEmpty();
    }

    @Test
    void shouldHoldTheValueOfAnExpressionAgainstTheRule() {
        // Given
        Map<String, String> good = Map.of("TRIAL_INTERVAL", "${pace:2s}");
        Map<String, String> bad = Map.of(INTERVAL, "${pace}", "pace", "soon");

        // Then
        assertThat(mapped(good).interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config(good).getConfigValue(INTERVAL + "-millis").getValue()).isEqualTo("2000");
        assertThatThrownBy(() -> mapped(bad)).hasMessageContaining(INTERVAL_RULE + "but is 'soon'.");
    }

    @Test
    void shouldLeavePropertiesThatAreNoSettingsAlone() {
        // When
        SmallRyeConfig config = config(
                Map.of("other.interval", "soon", "orderstream.trial.internal", "x", "other-millis", "y"));

        // Then
        assertThat(config.getValue("other.interval", String.class)).isEqualTo("soon");
        assertThat(config.getConfigMapping(TrialSettings.class).internal()).isEqualTo("x");
        assertThat(config.getValue("other-millis", String.class)).isEqualTo("y");
        assertThat(config.getConfigValue("orderstream.trial.unknown").getValue()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "TRIAL_INTERVAL", INTERVAL })
    void shouldStopTheStartWithOneSentenceWhereverABadValueComesFrom(String name) {
        // When
        ConfigValidationException failure = catchThrowableOfType(ConfigValidationException.class,
                () -> mapped(Map.of(name, "soon")));

        // Then
        assertThat(failure.getProblemCount()).isEqualTo(1);
        assertThat(failure.getProblem(0).getMessage()).isEqualTo(INTERVAL_RULE + "but is 'soon'.");
    }

    @Test
    void shouldNameEachSettingThatIsWrong() {
        // When
        ConfigValidationException failure = catchThrowableOfType(ConfigValidationException.class,
                () -> mapped(Map.of("TRIAL_MODE", "queue", "TRIAL_ATTEMPTS", "0")));

        // Then
        assertThat(failure.getProblemCount()).isEqualTo(2);
        assertThat(failure).hasMessageContaining("TRIAL_MODE must be one of in-place, topic, but is 'queue'.")
                .hasMessageContaining("TRIAL_ATTEMPTS must be a whole number from 1 to 20, but is '0'.");
    }

    @Test
    void shouldSayItOnceWhenOtherPropertiesReferToTheSetting() {
        // Given
        SmallRyeConfig config = builder(Map.of("TRIAL_INTERVAL", "soon", "a", "${" + INTERVAL + "}",
                "b", "${orderstream.trial.interval-millis}")).build();

        // When
        assertThatThrownBy(() -> config.getConfigValue(INTERVAL).getValue()).isExactlyInstanceOf(InvalidSettingException.class)
                .hasMessage(INTERVAL_RULE + "but is 'soon'.").hasToString(INTERVAL_RULE + "but is 'soon'.");

        // Then
        assertThat(config.getValue("a", String.class)).isEqualTo("1s");
        assertThat(config.getValue("b", String.class)).isEqualTo("1000");
    }

    @Test
    void shouldSayInOneSentenceWhichSettingsContradictEachOther() {
        // When
        ConfigValidationException failure = catchThrowableOfType(ConfigValidationException.class,
                () -> mapped(Map.of("TRIAL_LONGEST", "1m", "TRIAL_INTERVAL", "61s", "TRIAL_USER", "olga")));

        // Then
        assertThat(failure.getProblemCount()).isEqualTo(2);
        assertThat(failure)
                .hasMessageContaining(
                        "TRIAL_LONGEST must be at least TRIAL_INTERVAL, but is '1m', and TRIAL_INTERVAL is '61s'.")
                .hasMessageContaining("TRIAL_PASSWORD must be set, since TRIAL_USER is.");
    }

    @Test
    void shouldRefuseSettingsThatExcludeEachOther() {
        assertThatThrownBy(() -> mapped(Map.of("TRIAL_TOKEN", "t0k3n", "TRIAL_USER", "olga", "TRIAL_PASSWORD", "secret")))
                .hasMessageContaining("TRIAL_USER must not be set, since TRIAL_TOKEN is.")
                .hasMessageNotContainingAny("t0k3n", "secret");
        assertThat(mapped(Map.of("TRIAL_TOKEN", " t0k3n\n", "TRIAL_USER", "")).token()).contains("t0k3n");
        assertThatThrownBy(() -> mapped(Map.of("TRIAL_TOKEN", "two words")))
                .hasMessageContaining("TRIAL_TOKEN must be letters, digits").hasMessageNotContaining("two words");
    }

    @Test
    void shouldHoldDefaultsAgainstOtherSettingsToo() {
        assertThat(mapped(Map.of("TRIAL_LONGEST", "1000ms")).longest()).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> mapped(Map.of("TRIAL_LONGEST", "999ms")))
                .hasMessageContaining(
                        "TRIAL_LONGEST must be at least TRIAL_INTERVAL, but is '999ms', and TRIAL_INTERVAL is '1s'.");
        assertThat(mapped(Map.of("TRIAL_USER", "olga", "TRIAL_PASSWORD", "secret")).password()).contains("secret");
        assertThatThrownBy(() -> mapped(Map.of("TRIAL_PASSWORD", "secret", "TRIAL_USER", "")))
                .hasMessageContaining("TRIAL_USER must be set, since TRIAL_PASSWORD is.").hasMessageNotContaining("secret");
    }

    @Test
    void shouldGiveTheNameOfASettingByItsProperty() {
        assertThat(config(Map.of()).getConfigValue(INTERVAL + "-env").getValue()).isEqualTo("TRIAL_INTERVAL");
        assertThat(config(Map.of()).getConfigValue("orderstream.trial.internal-env").getValue()).isNull();
        assertThat(config(Map.of("other-env", "x")).getConfigValue("other-env").getValue()).isEqualTo("x");
    }

    @Test
    void shouldCheckTheValueOfTheProfileThatIsActive() {
        // Given
        Map<String, String> values = Map.of("%dev." + INTERVAL, "soon", INTERVAL, "3s");

        // Then
        assertThat(mapped(values).interval()).isEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(() -> builder(values).withProfile("dev").withMapping(TrialSettings.class).build())
                .hasMessageContaining(INTERVAL_RULE + "but is 'soon'.");
    }

    @ParameterizedTest
    @CsvSource({ "TRIAL_INTERVAL,2m,interval-millis,120000", "TRIAL_INTERVAL,250ms,interval-millis,250",
            "TRIAL_INTERVAL,PT0.5S,interval-millis,500", "TRIAL_INTERVAL,7,interval-millis,7000",
            "TRIAL_INTERVAL,,interval-millis,1000", "TRIAL_BACKOFF_SECONDS,0.25,backoff-millis,250",
            "TRIAL_BACKOFF_SECONDS,2,backoff-millis,2000", "TRIAL_BACKOFF_SECONDS,0.0006,backoff-millis,1",
            "TRIAL_BACKOFF_SECONDS,0,backoff-millis,0", "TRIAL_BACKOFF_SECONDS,,backoff-millis,1500" })
    void shouldGiveATimeInWholeMilliseconds(String env, String value, String property, String millis) {
        // Given
        Map<String, String> values = new HashMap<>();
        if (value != null) {
            values.put(env, value);
        }

        // When
        SmallRyeConfig config = config(values);

        // Then
        assertThat(config.getConfigValue("orderstream.trial." + property).getValue()).isEqualTo(millis);
        assertThat(config.getConfigValue("orderstream.trial." + property).getName()).isEqualTo("orderstream.trial." + property);
    }

    @Test
    void shouldGiveNoMillisecondsOfASettingThatIsNotSetOrIsNone() {
        // When
        SmallRyeConfig config = config(Map.of("other.interval", "1s"));

        // Then
        assertThat(config.getConfigValue("orderstream.trial.retention-millis").getValue()).isNull();
        assertThat(config.getConfigValue("orderstream.trial.unknown-millis").getValue()).isNull();
        assertThat(config.getConfigValue("other.interval-millis").getValue()).isNull();
    }

    private static TrialSettings mapped(Map<String, String> values) {
        return config(values).getConfigMapping(TrialSettings.class);
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return builder(values).withMapping(TrialSettings.class).build();
    }

    private static SmallRyeConfigBuilder builder(Map<String, String> values) {
        return new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "trial", 300))
                .withInterceptors(new TrialInterceptor(), new DerivedSettings());
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
