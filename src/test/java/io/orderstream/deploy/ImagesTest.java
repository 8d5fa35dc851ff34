package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The images of others that are run or built upon: each in one version, and in the list of docs/operations.md. */
class ImagesTest {

    private static final Pattern IMAGE = Pattern.compile("(?m)^ *(?:- )?image: *[\"']?([^\\s\"']+)");
    private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)");
    private static final Pattern STAGE = Pattern.compile("(?m)^FROM \\S+ AS (\\S+)");
    private static final Pattern ARGUMENT = Pattern.compile("(?m)^ARG (\\w+)=(\\S+)");
    private static final Pattern BASE = Pattern.compile("<image\\.base>([^<]+:[^<]+)</image\\.base>");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    @Test
    void shouldRunNoImageWithoutAVersion() throws IOException {
        assertThat(images()).isNotEmpty().allSatisfy(image -> assertThat(image)
                .matches("[\\w./-]+:v?\\d[\\w.-]*(@sha256:[0-9a-f]{64})?"));
    }

    @Test
    void shouldListEachImageThatIsNotNamedByItsDigest() throws IOException {
        // Given
        String page = Files.readString(Path.of("docs", "operations.md"));
        String section = page.substring(page.indexOf("### Images of others"), page.indexOf("\n## Kubernetes"));

        // When
        List<String> listed = ROW.matcher(section).results().map(found -> found.group(1)).toList();

        // Then
        assertThat(listed).containsExactlyInAnyOrderElementsOf(
                images().stream().filter(image -> !image.contains("@sha256:")).toList());
    }

    /** All but the application's own. */
    private static Set<String> images() throws IOException {
        Set<String> images = new TreeSet<>(of(BASE, Path.of("pom.xml")));
        images.addAll(of(IMAGE, ComposeFile.PATH));
        try (Stream<Path> manifests = Files.walk(Path.of("k8s"))) {
            for (Path manifest : manifests.filter(Files::isRegularFile).toList()) {
                images.addAll(of(IMAGE, manifest));
            }
        }
        images.removeIf(image -> image.startsWith("orderstream:"));
        try (Stream<Path> files = Files.list(Path.of("src", "main", "docker"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("Dockerfile")).toList()) {
                images.addAll(bases(file));
            }
        }
        return images;
    }

    private static List<String> of(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList();
    }

    /** What the stages of a Dockerfile begin with, if that is not another stage. */
    private static List<String> bases(Path file) throws IOException {
        String text = Files.readString(file);
        for (MatchResult argument : ARGUMENT.matcher(text).results().toList()) {
            text = text.replaceAll("\\$\\{" + argument.group(1) + "}", Matcher.quoteReplacement(argument.group(2)));
        }
        List<String> stages = of(STAGE, file);
        return FROM.matcher(text).results().map(found -> found.group(1)).filter(base -> !stages.contains(base)).toList();
    }
}
