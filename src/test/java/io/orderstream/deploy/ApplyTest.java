package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl sends to a cluster without any operator. */
class ApplyTest {

    @TempDir
    private Path directory;

    private FakeCluster cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeCluster();
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void shouldApplyTheBaseWithoutKustomize() {
        // When
        Kubectl.Result applied = apply("-f", Manifests.BASE);

        // Then
        assertThat(applied.exitCode()).as(applied.errors()).isZero();
        assertThat(cluster.created()).extracting(Manifest::kind)
                .containsExactlyInAnyOrderElementsOf(Manifests.base().all().stream().map(Manifest::kind).toList());
    }

    @Test
    void shouldApplyTheDemonstrationFromTheTop() {
        // When
        Kubectl.Result applied = apply("-k", Manifests.ROOT);

        // Then
        assertThat(applied.exitCode()).as(applied.errors()).isZero();
        assertThat(cluster.created()).extracting(Manifest::toString).containsExactlyElementsOf(
                Manifests.rendered(Manifests.DEMO).all().stream().map(Manifest::toString).toList());
        assertThat(cluster.created()).first().hasToString("Namespace orderstream");
    }

    /** Why Kustomization has no ending, and the ServiceMonitor is not in the base. */
    @Test
    void shouldNotHaveInTheBaseWhatClustersRefuse() throws IOException {
        // Given
        Path kustomization = copy(Manifests.BASE.resolve("Kustomization"), "a/kustomization.yaml");
        Path monitor = copy(Manifests.ROOT.resolve("components/monitoring/servicemonitor.yaml"), "b/servicemonitor.yaml");

        // Then
        assertThat(apply("-f", kustomization.getParent()).errors()).contains("no matches for kind \"Kustomization\"");
        assertThat(apply("-f", monitor.getParent())).satisfies(result -> {
            assertThat(result.exitCode()).isOne();
            assertThat(result.errors()).contains("no matches for kind \"ServiceMonitor\"");
        });
    }

    private Path copy(Path file, String name) throws IOException {
        Path target = directory.resolve(name);
        Files.createDirectories(target.getParent());
        return Files.copy(file, target);
    }

    private Kubectl.Result apply(String how, Path what) {
        // Validation would ask for a description of all types; ManifestModelTest does that.
        return Kubectl.call("apply", "--validate=false", "--server=" + cluster.url(),
                "--cache-dir=" + directory.resolve("cache"),
                how, what.toString());
    }
}
