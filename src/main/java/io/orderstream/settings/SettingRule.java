package io.orderstream.settings;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
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
 * @param atLeast environment variable of a setting whose value this one may not be below; empty for none
 * @param with environment variable of the setting that has to be set as well if this one is; empty for none
 * @param without environment variable of a setting that must not be set if this one is; empty for none
 * @param secret whether the value must not be shown
 */
public record SettingRule(String property, String env, String doc, String defaultValue, Kind kind, List<String> choices,
        String min, String max, String atLeast, String with, String without, boolean secret) {

    /** Types of values, each with its description in error messages. */
    public enum Kind {
        WHOLE_NUMBER("a whole number"),
        NUMBER("a number"),
        DURATION("a duration such as 500ms, 1s or PT1M"),
        SWITCH("true or false"),
        CHOICE("one of"),
        EXACT_CHOICE("exactly one of"),
        URL("an http or https url such as https://example.org/orders"),
        URLS("an http or https url, or several separated by commas"),
        SERVERS("host:port with a port from 1 to 65535, or several separated by commas"),
        TOPIC("the name of a topic, up to 249 letters, digits, '.', '_' and '-'"),
        TOPICS("names of topics, separated by commas"),
        PIPELINES("names of pipelines, separated by commas"),
        HOSTS("names or addresses of hosts without a port, separated by commas"),
        MEMBER("a name of up to 249 letters, digits, '.', '_' and '-'"),
        GROUP("a name that neither begins nor ends with a blank"),
        TOKEN("letters, digits and -._~+/, with any number of = at the end"),
        ENTRIES("name=value, or several separated by commas"),
        TEXT("text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Whether a value is used exactly as it is set, blanks around it included. */
        boolean isLiteral() {
            return this == TEXT || this == TOPIC || this == MEMBER || this == GROUP;
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
                setting.max(), setting.atLeast(), setting.with(), setting.without(), setting.secret());
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
            case "string" -> setting.text();
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
        return bounded() + (atLeast.isEmpty() ? "" : ", and at least " + atLeast)
                + (with.isEmpty() ? "" : ", set together with " + with)
                + (without.isEmpty() ? "" : ", not together with " + without);
    }

    private String bounded() {
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
        if (keeps(normalized(value))) {
            return Optional.empty();
        }
        if (secret) {
            return Optional.of(env + " must be " + bounded() + "; its value, a secret, is not shown.");
        }
        String shown = SecretText.withoutUserInfo(value);
        String more = kind == Kind.URL && !shown.equals(value) ? ", without user and password" : "";
        return Optional.of(env + " must be " + bounded() + more + ", but is '" + shown + "'.");
    }

    /** The value as it is used: blanks around it count only where any text is valid. */
    String normalized(String value) {
        return kind.isLiteral() ? value : value.strip();
    }

    /**
     * Validates a value against that of the setting {@link #atLeast()} names.
     *
     * @param value valid value of this setting
     * @param other the other setting
     * @param otherValue valid value of the other setting
     * @return an error message with both settings, rule and values, empty if the value is valid
     */
    Optional<String> checkAtLeast(String value, SettingRule other, String otherValue) {
        if (comparable(value).compareTo(comparable(otherValue)) >= 0) {
            return Optional.empty();
        }
        return Optional.of(env + " must be at least " + other.env + ", but is '" + value + "', and " + other.env + " is '"
                + otherValue + "'.");
    }

    /** A number or a duration in a common unit. */
    private BigDecimal comparable(String value) {
        return kind == Kind.DURATION ? BigDecimal.valueOf(DurationConverter.parseDuration(value).toMillis())
                : new BigDecimal(value);
    }

    private boolean keeps(String value) {
        if (value.isEmpty()) {
            return kind == Kind.TEXT;
        }
        try {
            return switch (kind) {
                case WHOLE_NUMBER -> within(Long.parseLong(value), Long::parseLong);
                case NUMBER -> within(number(value), SettingRule::number);
                case DURATION -> within(duration(value), DurationConverter::parseDuration);
                case SWITCH -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
                case CHOICE -> choices.contains(StringUtil.skewer(value.toLowerCase(Locale.ROOT)));
                case EXACT_CHOICE -> choices.contains(value);
                case URL -> SettingTexts.isUrl(value);
                case URLS -> SettingTexts.areUrls(value);
                case SERVERS -> SettingTexts.areServers(value);
                case TOPIC -> SettingTexts.isTopic(value);
                case TOPICS -> SettingTexts.areTopics(value);
                case PIPELINES -> SettingTexts.arePipelines(value);
                case HOSTS -> SettingTexts.areHosts(value);
                case MEMBER -> SettingTexts.isMember(value);
                case GROUP -> value.equals(value.strip());
                case TOKEN -> SettingTexts.isToken(value);
                case ENTRIES -> SettingTexts.areEntries(value);
                case TEXT -> true;
            };
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
            return false;
        }
    }

    /** @throws ArithmeticException if it is longer than milliseconds can tell */
    private static Duration duration(String value) {
        Duration duration = DurationConverter.parseDuration(value);
        duration.toMillis();
        return duration;
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
