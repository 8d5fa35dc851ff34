package io.orderstream;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.testsupport.GeneratedPart;
import io.orderstream.testsupport.PackagedApps;

/** Holds the bill of materials that is built with the package against the package, and its licences against a list. */
class SbomIT {

    private static final Path SBOM = Path.of("target", "quarkus-run-cyclonedx.json");
    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final Path PAGE = Path.of("docs", "dependencies.md");
    /** Those under which it may be passed on together with the application, whose own licence is the first. */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "MIT", "MIT-0", "0BSD", "BSD-2-Clause", "BSD-3-Clause",
            "CC0-1.0", "EPL-1.0", "EPL-2.0", "GPL-2.0-with-classpath-exception");
    private static final String OWN = "Apache-2.0";
    private static final Pattern TEST_DEPENDENCY = Pattern
            .compile("<artifactId>([^<]+)</artifactId>\\s*(?:<version>[^<]+</version>\\s*)?<scope>test</scope>");

    private final JsonNode sbom = read();

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(SBOM.toFile());
        } catch (IOException e) {
            throw new AssertionError("quarkus-cyclonedx has not written " + SBOM, e);
        }
    }

    @Test
    void shouldListEachPackagedFileWithItsHash() throws IOException {
        // When
        Map<String, JsonNode> listed = packaged().collect(toMap(SbomIT::location, Function.identity()));

        // Then
        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(listed.keySet()).containsExactlyInAnyOrderElementsOf(PackagedApps.files(APPLICATION));
        assertThat(listed).allSatisfy((file, component) -> assertThat(hash(component)).as(file)
                .isEqualTo(sha256(APPLICATION.resolve(file))));
    }

    /** Each file it is made of; Quarkus lists beside them, in scope development, what it has generated code with. */
    private Stream<JsonNode> packaged() {
        return elements(sbom.path("components")).filter(component -> !location(component).isEmpty());
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String location(JsonNode component) {
        return component.at("/evidence/occurrences/0/location").asText();
    }

    private static String hash(JsonNode component) {
        return elements(component.path("hashes")).filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                .map(hash -> hash.path("content").asText()).findFirst().orElse("none");
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNameEachLibraryByItsVersionAndUnderLicencesThatAreAllowed() {
        assertThat(libraries()).hasSizeGreaterThan(200).allSatisfy(library -> {
            String name = library.path("name").asText();
            String version = library.path("version").asText();
            assertThat(version).as(name).isNotEmpty();
            assertThat(library.path("purl").asText())
                    .startsWith("pkg:maven/" + library.path("group").asText() + "/" + name + "@" + version);
            assertThat(licences(library)).as("licences of " + name).isNotEmpty().isSubsetOf(ALLOWED);
        });
    }

    private List<JsonNode> libraries() {
        return packaged().filter(component -> location(component).endsWith(".jar") && component.has("purl")).toList();
    }

    private static List<String> licences(JsonNode component) {
        return elements(component.path("licenses")).map(choice -> Stream
                .of(choice.at("/license/id"), choice.at("/license/name"), choice.path("expression")).map(JsonNode::asText)
                .filter(text -> !text.isEmpty()).findFirst().orElse("unknown")).sorted().toList();
    }

    @Test
    void shouldListNothingOfTestsAndNothingPackagedThatIsForTheBuildOnly() throws IOException {
        // Given
        List<String> ofTests = TEST_DEPENDENCY.matcher(Files.readString(Path.of("pom.xml"))).results()
                .map(found -> found.group(1)).toList();

        // Then
        assertThat(ofTests).contains("assertj-core", "awaitility");
        assertThat(elements(sbom.path("components")).map(component -> component.path("name").asText()))
                .doesNotContainAnyElementsOf(ofTests).doesNotContain("kafka_2.13");
        assertThat(elements(sbom.path("components")).filter(component -> component.has("purl")))
                .allSatisfy(component -> assertThat(elements(component.path("properties"))
                        .filter(property -> property.path("name").asText().equals("quarkus:component:scope"))
                        .map(property -> property.path("value").asText()))
                        .containsExactly(location(component).isEmpty() ? "development" : "runtime"));
    }

    /** With {@code -Dlicences.update=true} it writes the table instead. */
    @Test
    void shouldFindTheLicencesInTheirPage() throws IOException {
        // Given
        String page = Files.readString(PAGE).replace("\r\n", "\n");

        // When
        String expected = GeneratedPart.replaceIn(page, "licences", table());
        if (Boolean.getBoolean("licences.update")) {
            Files.writeString(PAGE, expected);
            return;
        }

        // Then
        assertThat(page)
                .as("docs/dependencies.md does not show the licences as the bill of materials has them. Write them into "
                        + "it with: ./mvnw verify -Dit.test=SbomIT -Dunit-tests.skip -Dlicences.update=true")
                .isEqualTo(expected);
    }

    /** The libraries by their licences. Most are under the same one, and need not be named. */
    private String table() {
        Map<String, List<String>> names = libraries().stream().collect(groupingBy(
                library -> String.join(", ", licences(library)), TreeMap::new,
                mapping(library -> library.path("name").asText(), Collectors.collectingAndThen(Collectors.toList(),
                        found -> found.stream().distinct().sorted().toList()))));
        String rows = names.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | "
                        + (row.getKey().equals(OWN) ? "all others" : "`" + String.join("`, `", row.getValue()) + "`") + " |\n")
                .collect(Collectors.joining());
        return "| licences | libraries |\n|---|---|\n" + rows;
    }
}
