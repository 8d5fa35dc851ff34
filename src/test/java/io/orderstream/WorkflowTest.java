package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** The workflow that runs where there are a container engine and a cluster; none of that is here, so it is held to what is. */
class WorkflowTest {

    private static final Path FILE = Path.of(".github/workflows/ci.yml");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final Pattern PATH = Pattern
            .compile("(?<![\\w/.-])(\\.?/?(?:src|k8s|\\.github|\\.ci|docs)(?:/[\\w./-]+)?|\\./mvnw)");
    private static final Pattern PROFILE = Pattern.compile("-P([\\w-]+)|-D(native)\\b");
    private static final List<String> TOOLS = List.of("./mvnw", "docker", "kind", "kubectl", "skopeo", "sudo",
            ".github/await-orders.sh", ".github/await-live.sh");
    private static final String SOURCES_OF_THE_EXECUTABLE = "./mvnw -B -ntp verify -Dnative -Dquarkus.native.sources-only=true";

    private static String text;
    private static JsonNode workflow;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(FILE);
        workflow = YAML.readTree(text);
    }

    @Test
    void shouldBeAllowedToReadAndNoMore() {
        assertThat(workflow.get("permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
        assertThat(jobs()).noneMatch(job -> job.has("permissions"));
        assertThat(steps()).filteredOn(step -> step.path("uses").asText().startsWith("actions/checkout@")).isNotEmpty()
                .allMatch(step -> !step.at("/with/persist-credentials").asBoolean(true));
        assertThat(text).doesNotContain("secrets.", "pull_request_target");
    }

    @Test
    void shouldPinEachActionByItsCommitAndSayWhichReleaseThatIs() {
        // Given
        List<String> uses = text.lines().filter(line -> line.contains("uses:")).map(String::strip).toList();

        // Then
        assertThat(uses).isNotEmpty().allMatch(line -> line.matches("(- )?uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
        assertThat(uses.stream().map(line -> line.replaceFirst("^- ", "")).distinct()
                .map(line -> line.replaceFirst("@.*", ""))).as("each in one version").doesNotHaveDuplicates();
    }

    @Test
    void shouldEndWhatNobodyWaitsFor() {
        assertThat(workflow.at("/concurrency/group").asText()).contains("github.ref");
        assertThat(jobs()).isNotEmpty().allSatisfy(job -> {
            assertThat(job.path("timeout-minutes").asInt()).isBetween(1, 90);
            assertThat(job.get("runs-on").asText()).matches("ubuntu-\\d+\\.\\d+");
        });
    }

    @Test
    void shouldVerifyOnEveryJdkTheApplicationIsFor() {
        assertThat(workflow.at("/jobs/verify/strategy/matrix/java").toString()).isEqualTo("[17,21,25]");
        assertThat(commands("verify")).contains("./mvnw -B -ntp verify");
        assertThat(commands("native")).contains("./mvnw -B -ntp verify -Dnative");
        assertThat(commands("kubernetes")).contains("kubectl apply -k k8s");
        assertThat(commands("compose")).anyMatch(command -> command.startsWith("docker compose up --build"));
    }

    /** NativeSourcesCheck is run by nothing else; -DskipTests would leave it out without a word. */
    @Test
    void shouldLookAtTheSourcesOfTheExecutableWhereverItVerifies() throws IOException {
        assertThat(commands("verify")).contains(SOURCES_OF_THE_EXECUTABLE);
        assertThat(Files.readAllLines(Path.of(".ci/run"))).contains(SOURCES_OF_THE_EXECUTABLE);
    }

    @Test
    void shouldStartEachImageItBuilds() throws IOException {
        // Given
        Path script = Path.of(".github/await-live.sh");

        // Then
        assertThat(commands("native")).endsWith(
                "docker build -f src/main/docker/Dockerfile.native-micro -t orderstream:native .",
                script + " orderstream:native", "");
        // The archive Jib writes has no manifest.json, without which docker load takes it on some engines only.
        assertThat(commands("image")).endsWith(
                "skopeo copy oci-archive:target/orderstream-image.tar docker-archive:target/orderstream-docker.tar:orderstream:jib",
                "docker load --input target/orderstream-docker.tar", script + " orderstream:jib");
        assertThat(Files.isExecutable(script)).isTrue();
        assertThat(Files.readString(script)).contains("--read-only", "--tmpfs /tmp:exec", "/q/health/live");
    }

    /** Tests skip what takes a JDK of release 21 or 25 where there is none. */
    @Test
    void shouldHaveTheJdksThatTestsLookFor() {
        // When
        String versions = stream(workflow.at("/jobs/verify/steps"))
                .filter(step -> step.path("uses").asText().startsWith("actions/setup-java@")).findFirst().orElseThrow()
                .at("/with/java-version").asText();

        // Then
        assertThat(versions.lines()).containsExactly("21", "${{ matrix.java }}");
        assertThat(workflow.at("/jobs/verify/strategy/matrix/java").toString()).contains("25");
    }

    @Test
    void shouldNameOnlyFilesAndProfilesThatExist() throws IOException {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> commands = steps().stream().map(step -> step.path("run").asText()).flatMap(String::lines).toList();

        // Then
        assertThat(commands).isNotEmpty().allMatch(command -> TOOLS.stream().anyMatch(command.strip()::startsWith));
        assertThat(commands.stream().flatMap(command -> PATH.matcher(command).results()).map(MatchResult::group)).isNotEmpty()
                .allMatch(path -> Files.exists(Path.of(path)));
        assertThat(commands.stream().flatMap(command -> PROFILE.matcher(command).results())
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))).contains("image", "native")
                .allMatch(profile -> pom.contains("<id>" + profile + "</id>"));
        assertThat(Path.of("docker-compose.yml")).exists();
    }

    private static List<String> commands(String job) {
        return stream(workflow.at("/jobs/" + job + "/steps")).map(step -> step.path("run").asText()).toList();
    }

    private static List<JsonNode> jobs() {
        return stream(workflow.get("jobs")).toList();
    }

    private static List<JsonNode> steps() {
        return jobs().stream().flatMap(job -> stream(job.get("steps"))).toList();
    }

    private static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}
