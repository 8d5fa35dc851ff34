package io.orderstream.settings;

import java.util.Set;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.Priorities;
import io.smallrye.config.SysPropConfigSource;

/**
 * Makes the value of an environment variable or a system property mean itself, whatever property it is of: a password may
 * contain <code>$</code> and <code>${</code>. Expressions are for application.properties and other files.
 * <p>
 * SmallRye Config expands expressions in the values of all sources, and has no way to exempt one. Here the value gets the
 * escapes that the expansion takes away again. Each value is expanded once, also one that an expression refers to, so the
 * escapes are never seen.
 */
@Priority(Priorities.LIBRARY + 250)
public class LiteralValues implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final Set<String> SOURCES = Set.of(EnvConfigSource.NAME, SysPropConfigSource.NAME);
    private static final Pattern BACKSLASHES = Pattern.compile("(\\\\+)\\$");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        return value != null && SOURCES.contains(value.getConfigSourceName()) ? literal(value) : value;
    }

    /** The value in the form whose expansion gives it. */
    static ConfigValue literal(ConfigValue value) {
        String text = value.getValue();
        if (text == null || text.indexOf('$') < 0) {
            return value;
        }
        // A backslash would escape the dollar behind it. As the default of what is never set it stands for itself.
        String escaped = BACKSLASHES.matcher(text.replace("$", "$$")).replaceAll("\\${orderstream.never-set:$1}\\$");
        return value.withValue(escaped);
    }
}
