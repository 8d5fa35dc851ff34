package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.orderstream.Settings;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Holds application.properties and the declarations of the settings together. */
class WiringTest {

    private static final Path APPLICATION = Path.of("src/main/resources/application.properties");
    // Those of dev mode stand in the file itself: they are no settings of the application.
    private static final Pattern EXPRESSION = Pattern
            .compile("\\$\\{(?<name>orderstream(?!\\.dev\\.)[^:}]*)(:(?<whenUnset>[^}]*))?}");

    private final SmallRyeConfig defaults = defaults();

    @Test
    void shouldReferToSettingsByTheNamesTheyHave() throws IOException {
        // When
        List<Reference> references = references();

        // Then
        assertThat(references).isNotEmpty();
        assertThat(references).extracting(Reference::name).allSatisfy(
                name -> assertThat(properties()).anyMatch(property -> name.equals(property)
                        || name.matches(property + "-is-[a-z]+") || name.equals(property + "-millis")
                        || name.equals(property.replaceAll("-seconds$", "-millis"))));
    }

    @Test
    void shouldGiveTheBuildTheDefaultsTheDeclarationsHave() throws IOException {
        // When
        List<Reference> withDefault = references().stream().filter(reference -> reference.whenUnset() != null).toList();

        // Then
        assertThat(withDefault).isNotEmpty();
        assertThat(withDefault).allSatisfy(reference -> assertThat(reference.whenUnset()).as(reference.name())
                .isEqualTo(Objects.requireNonNullElse(defaults.getConfigValue(reference.name()).getValue(), "")));
    }

    @Test
    void shouldReferWithoutADefaultOnlyToSettingsThatHaveOne() throws IOException {
        assertThat(references()).filteredOn(reference -> reference.whenUnset() == null).isNotEmpty().allSatisfy(
                reference -> assertThat(defaults.getConfigValue(reference.name()).getValue()).as(reference.name()).isNotNull());
    }

    @Test
    void shouldDeclareEachEnvironmentVariableAndEachPropertyOnce() {
        assertThat(rules()).extracting(SettingRule::env).isNotEmpty().doesNotHaveDuplicates()
                .allMatch(env -> env.matches("[A-Z][A-Z0-9_]*"));
        assertThat(properties()).doesNotHaveDuplicates();
    }

    @Test
    void shouldDocumentEveryMethodOfEveryMapping() {
        // When
        Stream<Method> methods = Settings.mappings().stream().flatMap(mapping -> Arrays.stream(mapping.getMethods()));

        // Then
        assertThat(methods).isNotEmpty().allSatisfy(method -> assertThat(method.getAnnotation(Setting.class)).as("%s", method)
                .isNotNull().extracting(Setting::doc).asString().endsWith("."));
    }

    @Test
    void shouldHaveDefaultsThatKeepTheirOwnRules() {
        assertThat(rules()).filteredOn(rule -> !rule.defaultValue().isEmpty()).isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.check(rule.defaultValue())).isEmpty());
    }

    @Test
    void shouldHaveBoundsThatAreValuesOfTheirSetting() {
        assertThat(rules()).allSatisfy(rule -> assertThat(Stream.of(rule.min(), rule.max())).as(rule.env())
                .filteredOn(bound -> !bound.isEmpty()).allSatisfy(bound -> assertThat(rule.check(bound)).isEmpty()));
    }

    @Test
    void shouldPutTheInterceptorsIntoTheConfigurationOfTheApplication() {
        assertThat(ServiceLoader.load(ConfigSourceInterceptor.class)).hasAtLeastOneElementOfType(Settings.class)
                .hasAtLeastOneElementOfType(DerivedSettings.class);
        assertThat(defaults.getConfigValue("orderstream.orders.topic").getValue()).isEqualTo("orders");
    }

    private static List<SettingRule> rules() {
        return Settings.mappings().stream().flatMap(SettingRule::of).toList();
    }

    private static List<String> properties() {
        return rules().stream().map(SettingRule::property).collect(Collectors.toList());
    }

    /** The configuration of an application for which nothing is set. */
    private static SmallRyeConfig defaults() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredConverters()
                .withInterceptors(new Settings(), new DerivedSettings());
        Settings.mappings().forEach(builder::withMapping);
        return builder.build();
    }

    private static List<Reference> references() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(APPLICATION)) {
            properties.load(reader);
        }
        List<Reference> references = new ArrayList<>();
        properties.values().stream().map(value -> EXPRESSION.matcher(value.toString())).forEach(matcher -> {
            while (matcher.find()) {
                references.add(Reference.of(matcher));
            }
        });
        return references;
    }

    /** One {@code ${name:whenUnset}}. */
    private record Reference(String name, String whenUnset) {

        static Reference of(Matcher matcher) {
            return new Reference(matcher.group("name"), matcher.group("whenUnset"));
        }
    }
}
