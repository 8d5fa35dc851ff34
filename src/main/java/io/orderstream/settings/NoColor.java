package io.orderstream.settings;

import jakarta.annotation.Priority;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;

/**
 * Takes the colours from the console where the environment variable {@code NO_COLOR} is set (no-color.org), which Quarkus does
 * not
 * look at. What is set for Quarkus itself takes precedence.
 */
@Priority(Priorities.LIBRARY + 280)
public class NoColor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String COLOR = "quarkus.console.color";
    private static final String NO_COLOR = "NO_COLOR";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        if (value != null || !name.equals(COLOR)) {
            return value;
        }
        ConfigValue noColor = context.proceed(NO_COLOR);
        return noColor == null || noColor.getValue().isEmpty() ? null : noColor.withName(COLOR).withValue("false");
    }
}
