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
 * Reads every setting from its environment variable too, and fails the start with one sentence for each value that is
 * invalid, or contradicts another setting.
 * <p>
 * It runs before the conversion to Java types, whose error messages name the property and an exception class, and
 * after profiles are resolved, so that {@code %dev.} values are validated too. Quarkus prints configuration errors
 * without a stack trace.
 */
public abstract class SettingsInterceptor implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;

    private static final String NAME = "-env";

    private final transient Map<String, SettingRule> rules;
    private final transient Map<String, SettingRule> rulesByEnv;
    // Called by the chain's own expression interceptor, so that expressions can refer to settings; values validated
    // here have to be expanded here.
    private final transient ConfigSourceInterceptor expressions = new ExpressionConfigSourceInterceptor();
    private final transient Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param mappings supplies the {@code @ConfigMapping} interfaces whose methods carry {@link Setting} */
    protected SettingsInterceptor(Supplier<List<Class<?>>> mappings) {
        this.rules = rules(mappings);
        this.rulesByEnv = rules.values().stream().collect(Collectors.toMap(SettingRule::env, Function.identity()));
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
            ConfigValue other = context.proceed(name);
            return other == null && name.endsWith(NAME) ? env(name) : other;
        }
        ConfigValue value = value(context, rule);
        String text = textOf(rule, value);
        Optional<String> sentence = text == null ? Optional.empty()
                : rule.check(text).or(() -> contradiction(context, rule, text));
        if (sentence.isPresent() && reported.add(name)) {
            throw new InvalidSettingException(sentence.get());
        }
        if (value == null || text == null) {
            return null;
        }
        // An error has been reported already; other properties that refer to this one must not repeat it.
        return LiteralValues.literal(value.withName(name)
                .withValue(sentence.isPresent() ? rule.defaultValue() : rule.normalized(text)));
    }

    /** The name of the setting of a property: {@code orderstream.a.b-env} gives that of {@code orderstream.a.b}. */
    private ConfigValue env(String name) {
        SettingRule rule = rules.get(name.substring(0, name.length() - NAME.length()));
        return rule == null ? null : ConfigValue.builder().withName(name).withValue(rule.env()).build();
    }

    /** What is set, expanded; null or without a value if nothing is. */
    private ConfigValue value(ConfigSourceInterceptorContext context, SettingRule rule) {
        ConfigValue value = expressions.getValue(context, rule.env());
        return isUnset(value) ? expressions.getValue(context, rule.property()) : value;
    }

    /** What is set or else the default; null if there is none. */
    private static String textOf(SettingRule rule, ConfigValue value) {
        if (!isUnset(value)) {
            return value.getValue();
        }
        return rule.defaultValue().isEmpty() ? null : rule.defaultValue();
    }

    /** Holds a valid value against other settings. One of those that is invalid itself is told where it is read. */
    private Optional<String> contradiction(ConfigSourceInterceptorContext context, SettingRule rule, String text) {
        SettingRule with = rulesByEnv.get(rule.with());
        if (with != null && textOf(with, value(context, with)) == null) {
            return Optional.of(with.env() + " must be set, since " + rule.env() + " is.");
        }
        SettingRule without = rulesByEnv.get(rule.without());
        if (without != null && textOf(without, value(context, without)) != null) {
            return Optional.of(without.env() + " must not be set, since " + rule.env() + " is.");
        }
        SettingRule other = rulesByEnv.get(rule.atLeast());
        String least = other == null ? null : textOf(other, value(context, other));
        return least == null || other.check(least).isPresent() ? Optional.empty()
                : rule.checkAtLeast(rule.normalized(text), other, other.normalized(least));
    }

    /** Compose files and Kubernetes manifests pass on empty variables: empty means not set. */
    private static boolean isUnset(ConfigValue value) {
        return value == null || value.getValue() == null || value.getValue().isBlank();
    }
}
