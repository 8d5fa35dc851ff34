package io.orderstream.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.ExpressionConfigSourceInterceptor;

/**
 * Gives every setting its environment variable, and stops the start with one sentence at the first value that breaks its rule.
 * <p>
 * It sits before the conversion to Java types, whose own messages name a property nobody has set and an exception class, and
 * behind the profiles, so that {@code %dev.} values are checked too. Quarkus prints what is wrong
 * with the configuration alone, without a stack trace.
 */
public abstract class SettingsInterceptor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, SettingRule> rules;
    // Ours sits behind the expressions of the chain, which would otherwise not see the environment variables of settings.
    private final transient ConfigSourceInterceptor expressions = new ExpressionConfigSourceInterceptor();
    private final transient Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param mappings gives the interfaces with {@code @ConfigMapping} whose methods carry {@link Setting} */
    protected SettingsInterceptor(Supplier<List<Class<?>>> mappings) {
        this.rules = rules(mappings);
    }

    private static Map<String, SettingRule> rules(Supplier<List<Class<?>>> mappings) {
        try {
            return mappings.get().stream().flatMap(SettingRule::of)
                    .collect(Collectors.toMap(SettingRule::property, Function.identity()));
        } catch (LinkageError e) {
            // Quarkus reads the configuration before it compiles. After a compilation that failed only some classes are there,
            // and this one must not be what stops the next.
            return Map.of();
        }
    }

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        SettingRule rule = rules.get(name);
        if (rule == null) {
            return context.proceed(name);
        }
        ConfigValue value = expressions.getValue(context, rule.env());
        if (isUnset(value)) {
            value = expressions.getValue(context, name);
        }
        if (isUnset(value)) {
            return value == null || rule.defaultValue().isEmpty() ? null : value.withValue(rule.defaultValue());
        }
        value = value.withName(name);
        Optional<String> sentence = rule.check(value.getValue());
        if (sentence.isEmpty()) {
            return value;
        }
        if (reported.add(name)) {
            throw new InvalidSettingException(sentence.get());
        }
        // Other properties refer to this one: the start has failed already, and it is said once.
        return value.withValue(rule.defaultValue());
    }

    /** Compose files and manifests pass variables on even when they are empty: empty means not set. */
    private static boolean isUnset(ConfigValue value) {
        return value == null || value.getValue() == null || value.getValue().isBlank();
    }
}
