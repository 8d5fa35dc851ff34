package io.orderstream.deploy;

import java.lang.reflect.Constructor;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.orderstream.Settings;
import io.orderstream.kafka.RequiredTopics;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** The topics the application asks for when nothing is set: of every bean that names some, whatever package it is in. */
final class NeededTopics {

    private NeededTopics() {
    }

    static List<RequiredTopics.Topic> byDefault() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().addDiscoveredConverters();
        Settings.mappings().forEach(builder::withMapping);
        SmallRyeConfig config = builder.build();
        return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.orderstream").stream()
                .filter(type -> type.isAssignableTo(RequiredTopics.class) && !type.isInterface()
                        && !type.getSimpleName().contains("_"))
                .map(JavaClass::reflect).flatMap(type -> make(type, config).topics().stream()).toList();
    }

    private static RequiredTopics make(Class<?> type, SmallRyeConfig config) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return (RequiredTopics) constructor.newInstance(config.getConfigMapping(constructor.getParameterTypes()[0]));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no bean that takes its settings alone: " + type, e);
        }
    }
}
