package io.orderstream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.avro.specific.SpecificRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.ConfigMapping;

/** Holds the line of docs/architecture.md: which package may know which. */
class ArchitectureTest {

    private static final String ROOT = "io.orderstream";
    private static final JavaClasses MAIN = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);
    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage(ROOT + "..");
    private static final DescribedPredicate<JavaClass> SETTINGS = name(Settings.class.getName()).forSubtype();

    @ParameterizedTest
    @CsvSource(delimiter = ':', nullValues = "nothing", value = { "support:nothing", "settings:nothing",
            "activity:nothing", "stream:outage", "history:pipeline outage commit totals activity",
            "metrics:nothing", "dev:api order pipeline record json settings", "json:record totals", "trace:settings",
            "kafka:settings trace", "totals:kafka", "record:totals",
            "deadletter:kafka settings", "commit:totals kafka metrics", "outage:record deadletter kafka settings",
            "spool:record deadletter kafka schema metrics settings", "redrive:deadletter kafka settings",
            "schema:record deadletter settings",
            "pipeline:activity record outage commit totals deadletter kafka metrics settings trace",
            "order:pipeline record outage totals deadletter kafka schema spool settings trace",
            "event:pipeline record outage totals deadletter kafka json settings trace",
            "tracker:pipeline record outage totals deadletter kafka json settings trace",
            "fulfilment:order record deadletter settings", "web:json settings" })
    void shouldKnowOnlyThePackagesItMayBesideSupport(String known, String others) {
        // Given
        String[] allowed = Stream
                .concat(Stream.of(known, "support"), others == null ? Stream.empty() : Arrays.stream(others.split(" ")))
                .map(name -> ROOT + "." + name).toArray(String[]::new);

        // Then
        classes().that().resideInAPackage(ROOT + "." + known).should()
                .onlyDependOnClassesThat(not(OURS).or(resideInAnyPackage(allowed))).check(MAIN);
    }

    @Test
    void shouldKeepPackagesFlatOneLevelBelowTheRoot() {
        classes().should().resideInAPackage(ROOT).orShould().resideInAPackage(ROOT + ".(*)").check(MAIN);
        assertThat(MAIN.stream().filter(type -> type.getPackageName().equals(ROOT))).extracting(JavaClass::getSimpleName)
                .containsExactlyInAnyOrder("Main", "Settings");
    }

    @Test
    void shouldKeepDevelopmentOutOfEverythingThatIsPackaged() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".dev").should().dependOnClassesThat()
                .resideInAPackage(ROOT + ".dev").check(MAIN);
        noClasses().that().resideOutsideOfPackage(ROOT + ".dev").should().dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..").check(MAIN);
    }

    /** The packages that show the application to the outside: none of them is known to any other but that of dev mode. */
    @ParameterizedTest
    @ValueSource(strings = { "api", "health", "monitoring", "fulfilment" })
    void shouldLetNobodyReadFromThePackagesThatReadFromAll(String reader) {
        noClasses().that(not(SETTINGS)).and().resideOutsideOfPackages(ROOT + "." + reader, ROOT + ".dev").should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "." + reader).check(MAIN);
    }

    @Test
    void shouldLetNobodyKnowAllSettings() {
        noClasses().should().dependOnClassesThat(SETTINGS).check(MAIN);
    }

    @Test
    void shouldHaveRoomsOfASizeOneCanLiveIn() {
        // When
        Map<String, Long> rooms = MAIN.stream().filter(JavaClass::isTopLevelClass).filter(ArchitectureTest::isWritten)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        // Then
        assertThat(rooms).hasSizeGreaterThan(10)
                .allSatisfy((room, types) -> assertThat(types).as(room).isLessThanOrEqualTo(30));
    }

    /** Not made by Avro's compiler. */
    private static boolean isWritten(JavaClass type) {
        return !type.isAssignableTo(SpecificRecord.class);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void shouldInjectThroughConstructors() {
        noFields().should().beAnnotatedWith(Inject.class).orShould().beAnnotatedWith(ConfigProperty.class).check(MAIN);
    }

    @Test
    void shouldHaveNoStaticStateThatChanges() {
        fields().that().areStatic().should().beFinal().check(MAIN);
        noFields().that().areStatic().should().haveRawType(describe("that can change", ArchitectureTest::canChange))
                .check(MAIN);
    }

    /** Interfaces of collections pass: they hold constants such as {@code List.of(...)}. */
    private static boolean canChange(JavaClass type) {
        boolean isCollection = type.isAssignableTo(Iterable.class) || type.isAssignableTo(Map.class);
        return isCollection && !type.isInterface() && type.getPackageName().startsWith("java.util")
                || type.getPackageName().equals("java.util.concurrent.atomic")
                || type.isEquivalentTo(ThreadLocal.class) || type.isEquivalentTo(StringBuilder.class);
    }

    @Test
    void shouldFillNoStaticCollections() {
        // Given
        List<String> fillers = List.of("add", "addAll", "put", "putAll", "putIfAbsent", "computeIfAbsent", "offer", "push");

        // Then
        assertThat(MAIN.stream().flatMap(type -> type.getStaticInitializer().stream())
                .flatMap(initializer -> initializer.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().getPackageName().startsWith("java.util"))
                .map(call -> call.getTarget().getName())).doesNotContainAnyElementsOf(fillers);
    }

    /** A start that fails may have no log yet: Main says why on the standard error output, as Quarkus does. */
    @Test
    void shouldLogThroughTheOneLogger() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN.that(not(name(Main.class.getName()).forSubtype())));
    }

    @Test
    void shouldNeverSleepNeitherHereNorInTests() {
        noClasses().should().callMethodWhere(describe("one that sleeps", call -> sleeps(call.getTarget()))).check(ALL);
    }

    private static boolean sleeps(AccessTarget target) {
        return target.getName().equals("sleep")
                && (target.getOwner().isEquivalentTo(Thread.class) || target.getOwner().isEquivalentTo(TimeUnit.class));
    }

    /** The build leaves them out by their names as well, since Quarkus builds the application of every test it sees. */
    @Test
    void shouldNameTestsWithQuarkusByTheSuiteTheyBelongTo() {
        assertThat(ALL.stream().filter(type -> type.isAnnotatedWith(QuarkusTest.class))).isNotEmpty().allSatisfy(
                type -> assertThat(type.getSimpleName().endsWith("FullTest")).as(type.getName())
                        .isEqualTo(isOfFullSuite(type)));
    }

    @Test
    void shouldKnowOneTagOnly() {
        assertThat(Stream.concat(ALL.stream().flatMap(type -> type.tryGetAnnotationOfType(Tag.class).stream()),
                ALL.stream().flatMap(type -> type.getMethods().stream())
                        .flatMap(method -> method.tryGetAnnotationOfType(Tag.class).stream())))
                .isNotEmpty()
                .extracting(Tag::value).containsOnly("full");
    }

    private static boolean isOfFullSuite(JavaClass type) {
        return type.tryGetAnnotationOfType(Tag.class).map(tag -> tag.value().equals("full")).orElse(false);
    }

    @Test
    void shouldCheckAndDocumentTheSettingsOfEveryMapping() {
        assertThat(MAIN.stream().filter(type -> type.isAnnotatedWith(ConfigMapping.class)).map(JavaClass::reflect))
                .hasSameElementsAs(Settings.mappings());
    }
}
