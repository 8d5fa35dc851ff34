package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** The component for tracing, put in as the kustomization of production says. */
class TracingComponentTest {

    private static final String ABSENT = "  # - ../../components/tracing\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = { "production", "strimzi" })
    void shouldSendSpansToACollectorThatMayBeCalled(String overlay) throws IOException {
        // Given
        Path kustomization = copyManifests().resolve("overlays/production/kustomization.yaml");
        String text = Manifests.read(kustomization);
        assertThat(text).contains(ABSENT);

        // When
        Files.writeString(kustomization, text.replace(ABSENT, ABSENT.replace("# ", "")));
        Manifests manifests = Manifests.rendered(directory.resolve("k8s/overlays").resolve(overlay));
        Map<String, String> environment = Environment.of(manifests, Workload.application(manifests), (secret, key) -> "");

        // Then
        assertThat(manifests.all()).allSatisfy(object -> assertThat(StrictModel.read(object)).isNotNull());
        URI collector = URI.create(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"));
        assertThat(environment).containsEntry("TRACING_ENABLED", "true").containsKeys("KAFKA_SASL_JAAS_CONFIG",
                "OTEL_TRACES_SAMPLER_ARG");
        assertThat(collector.getHost()).as("in another namespace").contains(".");
        assertThat(open(manifests)).contains(collector.getPort(), 53, 9093).hasSize(4);
    }

    @Test
    void shouldTraceNothingWithoutIt() {
        // Given
        Manifests production = Manifests.rendered(Manifests.PRODUCTION);

        // Then
        assertThat(Environment.of(production, Workload.application(production), (secret, key) -> ""))
                .doesNotContainKey("TRACING_ENABLED");
        assertThat(open(production)).hasSize(3);
    }

    /** What the application may call by TCP: each policy that takes its pods adds to the others. */
    private static List<Integer> open(Manifests manifests) {
        return manifests.all(NetworkPolicy.class).stream()
                .filter(policy -> Workload.application(manifests)
                        .isSelectedBy(policy.getSpec().getPodSelector().getMatchLabels()))
                .flatMap(policy -> policy.getSpec().getEgress().stream()).flatMap(rule -> rule.getPorts().stream())
                .filter(port -> port.getProtocol().equals("TCP")).map(port -> port.getPort().getIntVal()).toList();
    }

    private Path copyManifests() throws IOException {
        Path copy = directory.resolve(Manifests.ROOT);
        try (Stream<Path> files = Files.walk(Manifests.ROOT)) {
            files.forEach(file -> copy(file, directory.resolve(file)));
        }
        return copy;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
