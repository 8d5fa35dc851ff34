package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object is what its kind may be, to the last field. */
class ManifestModelTest {

    private static final List<Path> DIRECTORIES = List.of(Manifests.BASE, Manifests.ROOT.resolve("components/monitoring"),
            Manifests.ROOT.resolve("components/autoscaling"), Manifests.ROOT.resolve("components/tracing"), Manifests.DEMO,
            Manifests.STRIMZI);

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldRenderNothingButValidObjects(Path directory) {
        // When
        List<Manifest> objects = Manifests.rendered(directory).all();

        // Then
        assertThat(objects).extracting(Manifest::kind).contains("Deployment", "Service", "NetworkPolicy");
        assertThat(objects).allSatisfy(object -> assertThatCode(() -> StrictModel.read(object)).doesNotThrowAnyException());
        assertThat(objects).extracting(Manifest::toString).doesNotHaveDuplicates();
    }

    /** Also where kubectl is missing. */
    @Test
    void shouldWriteNothingButValidObjects() {
        assertThat(DIRECTORIES.stream().flatMap(directory -> Manifests.files(directory).stream())
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .flatMap(file -> Manifest.parse(Manifests.read(file)).stream()))
                .hasSizeGreaterThan(20)
                .allSatisfy(object -> assertThatCode(() -> StrictModel.read(object)).doesNotThrowAnyException());
    }

    @Test
    void shouldHaveOneObjectInAFileOfTheBaseThatBearsItsName() {
        assertThat(Manifests.files(Manifests.BASE)).isNotEmpty().allSatisfy(file -> {
            assertThat(Manifest.parse(Manifests.read(file))).hasSize(1).first()
                    .satisfies(object -> assertThat(file.getFileName()).hasToString(object.kind().toLowerCase() + ".yaml"))
                    .extracting(Manifest::name).isEqualTo("orderstream");
        });
        assertThat(Manifest.parse(Manifests.read(Manifests.BASE.resolve("Kustomization"))).get(0).json().get("resources"))
                .extracting(name -> Manifests.BASE.resolve(name.asText()))
                .containsExactlyElementsOf(Manifests.files(Manifests.BASE));
    }

    @Test
    void shouldRenderTheBaseAsItIsWritten() {
        assertThat(Manifests.rendered(Manifests.BASE).all()).containsExactlyInAnyOrderElementsOf(Manifests.base().all());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            base/deployment.yaml       | terminationGracePeriodSeconds | terminationGracePeriodsSeconds
            base/deployment.yaml       | readOnlyRootFilesystem        | readOnlyRootFileSystem
            base/deployment.yaml       | httpGet:                      | httpget:
            base/deployment.yaml       | sizeLimit                     | size
            base/deployment.yaml       | replicas: 3                   | replicas: "3"
            base/configmap.yaml        | 'ORDERS_COUNT: "0"'           | 'ORDERS_COUNT: 0'
            base/networkpolicy.yaml    | namespaceSelector             | nameSpaceSelector
            base/poddisruptionbudget.yaml | maxUnavailable             | maxUnavailables
            base/secret.yaml           | 'type: Opaque'                | 'kinds: Opaque'
            base/service.yaml          | targetPort                    | targetport
            base/serviceaccount.yaml   | automountServiceAccountToken  | automountToken
            components/monitoring/servicemonitor.yaml | scrapeTimeout  | scrapeTimeOut
            components/monitoring/servicemonitor.yaml | endpoints:     | endpoint:
            components/autoscaling/scaledobject.yaml | lagThreshold    | lagTreshold
            components/autoscaling/scaledobject.yaml | minReplicaCount | minReplicas
            components/autoscaling/scaledobject.yaml | useCachedMetrics | useCacheMetrics
            components/autoscaling/scaledobject.yaml | stabilizationWindowSeconds | stabilisationWindowSeconds
            components/autoscaling/triggerauthentication.yaml | parameter: | param:
            overlays/demo/kafka-statefulset.yaml | volumeClaimTemplates | volumeClaims
            overlays/demo/kafka-statefulset.yaml | 'value: "1"'        | 'value: 1'
            overlays/demo/namespace.yaml | labels:                     | label:
            overlays/strimzi/kafka-topics.yaml | partitions:           | partition:
            overlays/strimzi/kafka-user.yaml | operations:             | operation:
            overlays/strimzi/kafka-user.yaml | patternType:            | pattern:
            """)
    void shouldFindAMisspelledFieldOrAValueOfTheWrongType(String file, String right, String wrong) {
        // Given
        String text = Manifests.read(Manifests.ROOT.resolve(file));
        assertThat(text).contains(right);

        // When
        List<Manifest> misspelled = Manifest.parse(text.replace(right, wrong));

        // Then
        assertThatThrownBy(() -> misspelled.forEach(StrictModel::read)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(misspelled.get(0).kind());
    }

    @Test
    void shouldFindAKindNobodyKnowsAndAKeyThatIsThereTwice() {
        assertThatThrownBy(() -> StrictModel.read(Manifest.parse("{apiVersion: v1, kind: Deployment}").get(0)))
                .hasMessage("no model for v1/Deployment");
        assertThatThrownBy(() -> Manifest.parse("a: 1\na: 2\n")).hasMessageContaining("Duplicate field 'a'");
    }
}
