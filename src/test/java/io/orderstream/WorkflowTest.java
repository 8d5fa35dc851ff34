package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** The workflow that runs where there are a container engine and a cluster; none of that is here, so it is held to what is. */
class WorkflowTest {

    private static final Path WORKFLOW = Path.of(".github", "workflows", "ci.yml");
    private static final Pattern PATH = Pattern
            .compile("(?<![\\w/.-])(\\.?/?(?:src|k8s|\\.github|\\.ci|docs)(?:/[\\w./-]+)?|\\./mvnw)");
    private static final Pattern PROFILE = Pattern.compile("-P([\\w-]+)|-D(native)\\b");

    @Test
    void shouldPinEachActionByItsCommit() throws IOException {
        // When
        List<String> uses = texts("uses");

        // Then
        assertThat(uses).isNotEmpty().allMatch(action -> action.matches("[\\w./-]+@[0-9a-f]{40}"));
        assertThat(Files.readAllLines(WORKFLOW)).filteredOn(line -> line.contains("uses:")).as("with the version it is")
                .hasSameSizeAs(uses).allMatch(line -> line.matches(".*@\\S+ # v\\d+\\.\\d+\\.\\d+"));
        assertThat(uses.stream().distinct().map(action -> action.replaceFirst("@.*", ""))).as("each in one version")
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldNameOnlyFilesAndProfilesThatExist() throws IOException {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> commands = texts("run");

        // Then
        assertThat(commands.stream().flatMap(command -> PATH.matcher(command).results()).map(MatchResult::group)).isNotEmpty()
                .allMatch(path -> path.endsWith(".sh") ? Files.isExecutable(Path.of(path)) : Files.exists(Path.of(path)));
        assertThat(commands.stream().flatMap(command -> PROFILE.matcher(command).results())
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))).isNotEmpty()
                .allMatch(profile -> pom.contains("<id>" + profile + "</id>"));
    }

    /** Here as there: what README tells people to run, then everything, and what the native executable is made of. */
    @Test
    void shouldRunBothSuitesAndReadOnly() throws IOException {
        // Given
        String[] commands = { "./mvnw -B -ntp verify", "./mvnw -B -ntp verify -Pfull",
                "./mvnw -B -ntp verify -Dnative -Dquarkus.native.sources-only=true" };

        // Then
        assertThat(texts("run")).containsSubsequence(commands);
        assertThat(Files.readAllLines(Path.of(".ci/run"))).containsSubsequence(commands);
        assertThat(Files.readString(WORKFLOW)).contains("permissions:\n  contents: read\n\n").containsOnlyOnce("permissions:")
                .doesNotContain("pull_request_target", "secrets.");
    }

    /** What stands behind a name, wherever that is. */
    private static List<String> texts(String field) throws IOException {
        return new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .readTree(Files.readString(WORKFLOW)).findValues(field).stream()
                .filter(JsonNode::isTextual).map(JsonNode::asText).toList();
    }
}
