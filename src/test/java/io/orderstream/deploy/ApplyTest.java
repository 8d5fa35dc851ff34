package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kubectl sends to a cluster without any operator, and that every object is what its kind may be, to the last field. */
class ApplyTest {

    @TempDir
    private Path cache;

    @AutoClose
    private FakeCluster cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeCluster();
    }

    @Test
    void shouldApplyTheBaseWithoutKustomize() {
        // When
        apply("-f", Manifests.BASE);

        // Then
        assertThat(cluster.created()).extracting(Manifest::toString)
                .containsExactlyInAnyOrderElementsOf(Manifests.base().all().stream().map(Manifest::toString).toList());
    }

    @Test
    void shouldApplyTheDemonstrationFromTheTop() {
        // When
        apply("-k", Manifests.ROOT);

        // Then
        assertThat(cluster.created()).extracting(Manifest::toString).startsWith("Namespace orderstream")
                .containsExactlyElementsOf(
                        Manifests.rendered(Manifests.DEMO).all().stream().map(Manifest::toString).toList());
    }

    /** Fails where a kind is not known: Kustomization if its file had an ending, ServiceMonitor if it were in the base. */
    private void apply(String how, Path what) {
        // Validation would ask for a description of all types; the tests below do that.
        Tool.kubectl().check("apply", "--validate=false", "--server=" + cluster.url(), "--cache-dir=" + cache, how,
                what.toString());
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldRenderNothingButValidObjects(Path directory) {
        // When
        List<Manifest> objects = Manifests.rendered(directory).all();

        // Then
        assertThat(objects).extracting(Manifest::toString).contains("Deployment orderstream").doesNotHaveDuplicates();
        assertThat(objects).allSatisfy(object -> assertThatCode(object::model).doesNotThrowAnyException());
    }

    /** Also where kubectl is missing. */
    @Test
    void shouldWriteNothingButValidObjects() {
        // Given
        Stream<Path> directories = Stream.of("base", "components/monitoring", "components/autoscaling", "components/tracing",
                "overlays/demo", "overlays/production", "overlays/strimzi").map(Manifests.ROOT::resolve);

        // When
        List<Manifest> objects = directories.flatMap(directory -> Manifests.files(directory).stream())
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .flatMap(file -> Manifest.parse(Manifests.read(file)).stream()).toList();

        // Then
        assertThat(objects).hasSizeGreaterThan(20)
                .allSatisfy(object -> assertThatCode(object::model).doesNotThrowAnyException());
    }

    /** Which finds a file that Kustomization does not name as well: kubectl apply -f takes it, -k does not. */
    @Test
    void shouldRenderTheBaseAsItIsWritten() {
        assertThat(Manifests.rendered(Manifests.BASE).all()).containsExactlyInAnyOrderElementsOf(Manifests.base().all());
    }
}
