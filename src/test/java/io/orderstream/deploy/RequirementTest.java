package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** What becomes of a test whose tool is missing. */
class RequirementTest {

    private static final Map<String, String> CI = Map.of("CI", "true", "PATH", "");
    private static final Map<String, String> ELSEWHERE = Map.of("PATH", "");

    static Stream<Map<String, String>> elsewhere() {
        return Stream.of(Map.of(), Map.of("CI", ""), Map.of("CI", "false"));
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void shouldSkipTheTestWhereNobodyCountsOnIt(Map<String, String> environment) {
        assertThatThrownBy(() -> Requirement.isMet(false, "no saw: buy one", environment))
                .isInstanceOf(TestAbortedException.class).hasMessageContaining("no saw: buy one");
    }

    @Test
    void shouldFailTheTestInCi() {
        assertThatThrownBy(() -> Requirement.isMet(false, "no saw: buy one", CI)).isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("no saw: buy one");
        assertThatCode(() -> Requirement.isMet(true, "no saw: buy one", CI)).doesNotThrowAnyException();
    }

    static Stream<Lookup> tools() {
        return Stream.of(environment -> Tool.installed("promtool", "", environment), Tool::compose, Kubectl::find);
    }

    /** A tool that is looked for. */
    interface Lookup {
        void in(Map<String, String> environment) throws IOException;
    }

    @ParameterizedTest
    @MethodSource("tools")
    void shouldAskForEachTool(Lookup tool) {
        assertThatThrownBy(() -> tool.in(CI)).isInstanceOf(AssertionError.class).hasMessageContaining("CI=true");
        assertThatThrownBy(() -> tool.in(ELSEWHERE)).isInstanceOf(TestAbortedException.class);
    }

    /** Who skips by JUnit's own assumptions skips in CI as well; only another JDK may be missing there. */
    @Test
    void shouldBeAskedByWhoeverSkips() throws IOException {
        // Given
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }

        // Then
        assertThat(sources).filteredOn(source -> Manifests.read(source).contains("assumeTrue("))
                .isNotEmpty().allMatch(source -> source.endsWith("Requirement.java") || source.endsWith("RequirementTest.java")
                        || Manifests.read(source).contains("Jdks.find(") || Manifests.read(source).contains("RealRegistry"));
    }
}
