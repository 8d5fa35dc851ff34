package io.orderstream.deploy;

import java.time.Duration;

import io.orderstream.Settings;
import io.orderstream.settings.SettingRule;
import io.quarkus.runtime.configuration.DurationConverter;

/** The defaults of the application's settings, by the names of their variables. */
final class Declared {

    private Declared() {
    }

    static String text(String env) {
        return Settings.mappings().stream().flatMap(SettingRule::of).filter(rule -> rule.env().equals(env)).findFirst()
                .orElseThrow(() -> new AssertionError("no setting " + env)).defaultValue();
    }

    static int number(String env) {
        return Integer.parseInt(text(env));
    }

    static Duration duration(String env) {
        return DurationConverter.parseDuration(text(env));
    }
}
