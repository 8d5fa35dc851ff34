package io.orderstream.settings;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.common.utils.StringUtil;

/**
 * Validation rule of one setting, derived from the method that declares it.
 *
 * @param property name of the configuration property, such as {@code orderstream.orders.interval}
 * @param env name of the environment variable
 * @param doc description of the setting
 * @param defaultValue the default, empty if there is none
 * @param kind type of the value
 * @param choices the valid values, empty if they cannot be enumerated
 * @param min smallest valid value, as text; empty for no bound
 * @param max largest valid value, as text; empty for no bound
 */
public record SettingRule(String property, String env, String doc, String defaultValue, Kind kind, List<String> choices,
        String min, String max) {

    private static final int MOST_PORTS = 65_536;

    /** Types of values, each with its description in error messages. */
    public enum Kind {
        WHOLE_NUMBER("a whole number"),
        NUMBER("a number"),
        DURATION("a duration such as 500ms, 1s or PT1M"),
        SWITCH("true or false"),
        CHOICE("one of"),
        EXACT_CHOICE("exactly one of"),
        URL("an http or https url such as https://example.org/orders"),
        TEXT("text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /**
     * Returns the rules of all settings of a mapping interface.
     *
     * @param mapping a {@code @ConfigMapping} interface whose methods carry {@link Setting}
     * @return the rules, ordered by environment variable
     */
    public static Stream<SettingRule> of(Class<?> mapping) {
        String prefix = mapping.getAnnotation(ConfigMapping.class).prefix();
        return Arrays.stream(mapping.getMethods()).filter(method -> method.isAnnotationPresent(Setting.class))
                .map(method -> of(prefix, method)).sorted((a, b) -> a.env.compareTo(b.env));
    }

    private static SettingRule of(String prefix, Method method) {
        Setting setting = method.getAnnotation(Setting.class);
        WithDefault withDefault = method.getAnnotation(WithDefault.class);
        Class<?> type = valueType(method.getGenericReturnType());
        return new SettingRule(prefix + "." + StringUtil.skewer(method.getName()), setting.env(), setting.doc(),
                withDefault == null ? "" : withDefault.value(), kind(setting, type), choices(setting, type), setting.min(),
                setting.max());
    }

    private static Class<?> valueType(Type type) {
        if (type instanceof ParameterizedType wrapped) {
            return valueType(wrapped.getActualTypeArguments()[0]);
        }
        if (type == OptionalInt.class || type == OptionalLong.class) {
            return long.class;
        }
        return (Class<?>) type;
    }

    private static Kind kind(Setting setting, Class<?> type) {
        if (setting.choices().length > 0) {
            return Kind.EXACT_CHOICE;
        }
        if (type.isEnum()) {
            return Kind.CHOICE;
        }
        return switch (type.getSimpleName().toLowerCase(Locale.ROOT)) {
            case "int", "integer", "long", "short" -> Kind.WHOLE_NUMBER;
            case "double", "float" -> Kind.NUMBER;
            case "duration" -> Kind.DURATION;
            case "boolean" -> Kind.SWITCH;
            case "uri" -> Kind.URL;
            case "string" -> Kind.TEXT;
            default -> throw new IllegalArgumentException("no rule for a setting of type " + type.getName());
        };
    }

    private static List<String> choices(Setting setting, Class<?> type) {
        if (!type.isEnum()) {
            return List.of(setting.choices());
        }
        return Arrays.stream(type.getEnumConstants()).map(name -> StringUtil.skewer(name.toString().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toList());
    }

    /** Describes a valid value, such as {@code a whole number from 0 to 100}. */
    public String rule() {
        String words = choices.isEmpty() ? kind.words : kind.words + " " + String.join(", ", choices);
        if (!min.isEmpty() && !max.isEmpty()) {
            return words + " from " + min + " to " + max;
        }
        if (!min.isEmpty()) {
            return words + " of at least " + min;
        }
        return max.isEmpty() ? words : words + " of at most " + max;
    }

    /**
     * Validates a value.
     *
     * @return an error message with setting, rule and value, empty if the value is valid
     */
    public Optional<String> check(String value) {
        if (keeps(value.trim())) {
            return Optional.empty();
        }
        return Optional.of(env + " must be " + rule() + ", but is '" + value + "'.");
    }

    private boolean keeps(String value) {
        if (value.isEmpty()) {
            return kind == Kind.TEXT;
        }
        try {
            return switch (kind) {
                case WHOLE_NUMBER -> within(Long.parseLong(value), Long::parseLong);
                case NUMBER -> within(number(value), SettingRule::number);
                case DURATION -> within(DurationConverter.parseDuration(value), DurationConverter::parseDuration);
                case SWITCH -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
                case CHOICE -> choices.contains(StringUtil.skewer(value.toLowerCase(Locale.ROOT)));
                case EXACT_CHOICE -> choices.contains(value);
                case URL -> isUrl(URI.create(value));
                case TEXT -> true;
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return false;
        }
    }

    /** Whether a URL is absolute and is sent unchanged: no user information, no fragment. */
    private static boolean isUrl(URI uri) {
        // Lower case only: Quarkus' REST client treats HTTPS as http.
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        return isHttp && uri.getHost() != null && uri.getPort() < MOST_PORTS && uri.getUserInfo() == null
                && uri.getFragment() == null;
    }

    private static Double number(String value) {
        double number = Double.parseDouble(value);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("not finite");
        }
        return number;
    }

    private <V extends Comparable<V>> boolean within(V value, Function<String, V> bound) {
        return (min.isEmpty() || value.compareTo(bound.apply(min)) >= 0)
                && (max.isEmpty() || value.compareTo(bound.apply(max)) <= 0);
    }

    /** The default as shown in the table of settings. */
    public String shownDefault() {
        return defaultValue.isEmpty() ? "unset" : defaultValue;
    }
}
