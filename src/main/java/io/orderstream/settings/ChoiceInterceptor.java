package io.orderstream.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;

/**
 * Offers an enum setting as a boolean property for use in application.properties, as Quarkus' own properties need it:
 * {@code orderstream.a.b-is-x} is {@code true} if {@code orderstream.a.b} is {@code x}, ignoring case, else
 * {@code false}.
 */
@Priority(Priorities.LIBRARY + 270)
public class ChoiceInterceptor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final Pattern NAME = Pattern.compile("(?<setting>orderstream\\..+)-is-(?<choice>[a-z]+)");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        Matcher asked = NAME.matcher(name);
        if (!asked.matches()) {
            return context.proceed(name);
        }
        ConfigValue value = context.proceed(asked.group("setting"));
        return value == null ? null
                : value.withName(name)
                        .withValue(Boolean.toString(value.getValue().trim().equalsIgnoreCase(asked.group("choice"))));
    }
}
