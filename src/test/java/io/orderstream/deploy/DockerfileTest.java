package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the images of both Dockerfiles have in common, and what docker-compose.yml relies on. */
class DockerfileTest {

    private static final Dockerfile JVM = Dockerfile.read(Dockerfile.JVM);

    static Stream<Path> dockerfiles() {
        return Stream.of(Dockerfile.JVM, Dockerfile.NATIVE);
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void shouldPinTheImagesItBeginsFrom(Path file) {
        assertThat(Dockerfile.read(file).bases()).isNotEmpty()
                .allSatisfy(base -> assertThat(base).matches("[\\w./-]+:v?\\d[\\w.-]*(@sha256:[0-9a-f]{64})?"));
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void shouldRunAsAnOrdinaryUserThatListensAndWritesWhereItIsSaid(Path file) {
        // When
        Dockerfile dockerfile = Dockerfile.read(file);

        // Then
        assertThat(dockerfile.command("ENTRYPOINT")).isNotEmpty();
        assertThat(List.of(dockerfile.one("EXPOSE").split(" "))).containsExactly("8080", "9000");
        assertThat(dockerfile.pairs("ENV")).containsEntry("SPOOL_DIRECTORY", JVM.pairs("ENV").get("SPOOL_DIRECTORY"));
        assertThat(dockerfile.pairs("LABEL")).containsExactlyEntriesOf(JVM.pairs("LABEL"));
        assertThat(dockerfile.one("WORKDIR")).isEqualTo("/deployments");
        // By number: Kubernetes cannot tell of a name that it is not root.
        assertThat(dockerfile.one("USER")).isEqualTo("10001:10001");
    }

    @Test
    void shouldBuildWithTheJdkOfTheRuntime() {
        // When
        List<String> bases = JVM.bases();

        // Then
        assertThat(bases).hasSize(2).first().asString().contains("-jdk-");
        assertThat(bases.get(1)).isEqualTo(bases.get(0).replace("-jdk-", "-jre-"));
    }

    /** An option of the command line wins over the variable, and nobody could change it. */
    @Test
    void shouldLeaveTheOptionsOfTheJvmToWhoeverSetsThem() {
        // Given
        String options = JVM.pairs("ENV").get("JAVA_TOOL_OPTIONS");
        Manifests base = Manifests.base();

        // Then
        assertThat(options).contains("-XX:MaxRAMPercentage=");
        assertThat(JVM.command("ENTRYPOINT")).containsExactly("java", "-XX:AOTCache=app.aot", "-jar", "quarkus-run.jar");
        // One size for the memory limit, whoever runs it
        assertThat(Environment.of(base, Workload.application(base))).containsEntry("JAVA_TOOL_OPTIONS", options);
        assertThat(Dockerfile.read(Dockerfile.NATIVE).pairs("ENV")).as("it has no JVM").containsOnlyKeys("SPOOL_DIRECTORY");
    }

    @Test
    void shouldBeCheckedAsComposeChecksIt() {
        // When
        List<String> check = JVM.command("HEALTHCHECK");

        // Then
        assertThat(new ComposeFile().healthCheck(ComposeFile.APPLICATION)).endsWith(check.toArray(String[]::new))
                .hasSize(check.size() + 1);
    }
}
