package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;

/** What mvnw fetches and runs on a machine that has no Maven yet: one distribution, known by its checksum. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "plays the script for other systems")
class WrapperTest {

    private static final Path PROPERTIES = Path.of(".mvn", "wrapper", "maven-wrapper.properties");
    private static final Pattern WITHOUT_UNZIP = Pattern.compile("(?m)^RUN (command -v unzip .*)$");

    @TempDir
    private Path directory;

    @BeforeEach
    void copyWrapper() throws IOException {
        Files.createDirectories(directory.resolve(PROPERTIES).getParent());
        Files.copy(PROPERTIES, directory.resolve(PROPERTIES));
        Files.copy(Path.of("mvnw"), directory.resolve("mvnw"));
    }

    @Test
    void shouldRefuseAMavenThatHasAnotherChecksum() throws IOException {
        // Given a mvn that fetches something else
        Path tools = Files.createDirectory(directory.resolve("tools"));
        script(tools.resolve("mvn"), "for type in zip tar.gz; do echo other > apache-maven-" + version() + "-bin.$type; done");

        // When
        try (AppProcess wrapper = run(List.of("sh", "mvnw", "-v"),
                tools + File.pathSeparator + System.getenv("PATH"))) {
            int exitCode = wrapper.awaitExit(PATIENCE);

            // Then
            assertThat(exitCode).as(wrapper.lastLines()).isOne();
            assertThat(wrapper.lines()).anyMatch(line -> line.contains("Failed to validate Maven distribution SHA-256"));
            assertThat(directory.resolve("maven/wrapper/dists/apache-maven-" + version())).isEmptyDirectory();
        }
    }

    private String version() throws IOException {
        Matcher url = Pattern.compile("apache-maven-([\\d.]+)-bin\\.zip$").matcher(properties().getProperty("distributionUrl"));
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private Properties properties() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(directory.resolve(PROPERTIES))));
        return properties;
    }

    private static void script(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private AppProcess run(List<String> command, String path) {
        return AppProcess.start(command, directory,
                Map.of("PATH", path, "MAVEN_USER_HOME", directory.resolve("maven").toString()));
    }

    /** The image it is built in has no unzip, so that mvnw fetches another file with another sum. */
    @Test
    void shouldCheckInTheDockerfileTheFileThatIsFetchedThere() throws IOException {
        // Given a machine with sed, without unzip
        Path tools = Files.createDirectory(directory.resolve("tools"));
        Files.createSymbolicLink(tools.resolve("sed"), Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, "sed")).filter(Files::isExecutable).findFirst().orElseThrow());
        Matcher step = WITHOUT_UNZIP.matcher(Files.readString(Path.of("src/main/docker/Dockerfile.jvm")));
        assertThat(step.find()).isTrue();
        Properties before = properties();

        // When
        try (AppProcess shell = run(List.of("/bin/sh", "-c", step.group(1)), tools.toString())) {
            assertThat(shell.awaitExit(PATIENCE)).as(shell.lastLines()).isZero();
        }

        // Then
        assertThat(List.of(before.getProperty("distributionSha256Sum"), before.getProperty("distributionTarGzSha256Sum")))
                .doesNotHaveDuplicates().allSatisfy(sum -> assertThat(sum).matches("[0-9a-f]{64}"));
        assertThat(properties()).containsEntry("distributionSha256Sum", before.getProperty("distributionTarGzSha256Sum"));
    }
}
