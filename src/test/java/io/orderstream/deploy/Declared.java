package io.orderstream.deploy;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.orderstream.Settings;
import io.orderstream.settings.SettingRule;
import io.quarkus.runtime.configuration.DurationConverter;

/** The settings of the application and their defaults, by the names of their variables. */
final class Declared {

    static final Map<String, SettingRule> SETTINGS = Settings.mappings().stream().flatMap(SettingRule::of)
            .collect(Collectors.toMap(SettingRule::env, Function.identity()));

    private Declared() {
    }

    static String text(String env) {
        if (!SETTINGS.containsKey(env)) {
            throw new AssertionError("no setting " + env);
        }
        return SETTINGS.get(env).defaultValue();
    }

    static int number(String env) {
        return Integer.parseInt(text(env));
    }

    static Duration duration(String env) {
        return DurationConverter.parseDuration(text(env));
    }
}
