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
 * Reads every setting from its environment variable too, and fails the start with one sentence at the first invalid
 * value.
 * <p>
 * It runs before the conversion to Java types, whose error messages name the property and an exception class, and
 * after profiles are resolved, so that {@code %dev.} values are validated too. Quarkus prints configuration errors
 * without a stack trace.
 */
public abstract class SettingsInterceptor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, SettingRule> rules;
    // Called by the chain's own expression interceptor, so that expressions can refer to settings; values validated
    // here have to be expanded here.
    private final transient ConfigSourceInterceptor expressions = new ExpressionConfigSourceInterceptor();
    private final transient Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param mappings supplies the {@code @ConfigMapping} interfaces whose methods carry {@link Setting} */
    protected SettingsInterceptor(Supplier<List<Class<?>>> mappings) {
        this.rules = rules(mappings);
    }

    private static Map<String, SettingRule> rules(Supplier<List<Class<?>>> mappings) {
        try {
            return mappings.get().stream().flatMap(SettingRule::of)
                    .collect(Collectors.toMap(SettingRule::property, Function.identity()));
        } catch (LinkageError e) {
            // Quarkus reads the configuration before it compiles. After a failed compilation some classes are
            // missing; that must not prevent the next one.
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
        // The error has been reported already; other properties that refer to this one must not repeat it.
        return value.withValue(rule.defaultValue());
    }

    /** Compose files and Kubernetes manifests pass on empty variables: empty means not set. */
    private static boolean isUnset(ConfigValue value) {
        return value == null || value.getValue() == null || value.getValue().isBlank();
    }
}
