package io.orderstream.settings;

import jakarta.annotation.Priority;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;

/**
 * Offers a duration setting in whole milliseconds for use in application.properties, as properties of Kafka and Fault
 * Tolerance need it: {@code orderstream.a.b-millis} is read from the duration {@code orderstream.a.b}, or from
 * {@code orderstream.a.b-seconds}, a number.
 */
@Priority(Priorities.LIBRARY + 270)
public class MillisInterceptor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "orderstream.";
    private static final String SUFFIX = "-millis";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return context.proceed(name);
        }
        String setting = name.substring(0, name.length() - SUFFIX.length());
        ConfigValue duration = context.proceed(setting);
        if (duration != null) {
            long millis = DurationConverter.parseDuration(duration.getValue()).toMillis();
            return duration.withName(name).withValue(Long.toString(millis));
        }
        ConfigValue seconds = context.proceed(setting + "-seconds");
        if (seconds != null) {
            long millis = Math.round(Double.parseDouble(seconds.getValue()) * 1000);
            return seconds.withName(name).withValue(Long.toString(millis));
        }
        return null;
    }
}
