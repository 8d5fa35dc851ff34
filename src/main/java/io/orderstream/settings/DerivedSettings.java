package io.orderstream.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;

/**
 * Offers settings in other forms for use in application.properties, as properties of Quarkus, Kafka and Fault Tolerance
 * need them.
 * <p>
 * An enum as a boolean: {@code orderstream.a.b-is-x} is {@code true} if {@code orderstream.a.b} is {@code x}, ignoring
 * case, else {@code false}. A duration in whole milliseconds: {@code orderstream.a.b-millis} is read from the duration
 * {@code orderstream.a.b}, or from {@code orderstream.a.b-seconds}, a number.
 */
@Priority(Priorities.LIBRARY + 270)
public class DerivedSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final Pattern CHOICE = Pattern.compile("(?<setting>orderstream\\..+)-is-(?<choice>[a-z]+)");
    private static final Pattern MILLIS = Pattern.compile("(?<setting>orderstream\\..*)-millis");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        Matcher choice = CHOICE.matcher(name);
        if (choice.matches()) {
            ConfigValue value = context.proceed(choice.group("setting"));
            return value == null ? null
                    : as(name, value, value.getValue().trim().equalsIgnoreCase(choice.group("choice")));
        }
        Matcher millis = MILLIS.matcher(name);
        if (!millis.matches()) {
            return context.proceed(name);
        }
        ConfigValue duration = context.proceed(millis.group("setting"));
        if (duration != null) {
            return as(name, duration, DurationConverter.parseDuration(duration.getValue()).toMillis());
        }
        ConfigValue seconds = context.proceed(millis.group("setting") + "-seconds");
        return seconds == null ? null : as(name, seconds, Math.round(Double.parseDouble(seconds.getValue()) * 1000));
    }

    private static ConfigValue as(String name, ConfigValue setting, Object value) {
        return setting.withName(name).withValue(value.toString());
    }
}
