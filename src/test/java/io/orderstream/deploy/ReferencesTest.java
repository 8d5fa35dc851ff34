package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;

/** Objects refer to each other by labels, names and ports, and nobody tells when they do not meet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferencesTest {

    private final Overlays overlays = new Overlays();

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldSelectThePodsThatAreMade(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);
        List<Workload> workloads = Workload.of(manifests);

        // Then
        assertThat(workloads).isNotEmpty().allSatisfy(workload -> {
            assertThat(selected(workloads, workload.selector())).containsExactly(workload);
            assertThat(workload.pod().getTopologySpreadConstraints()).extracting(TopologySpreadConstraint::getLabelSelector)
                    .allSatisfy(selector -> assertThat(selected(workloads, selector)).containsExactly(workload));
        });
        assertThat(manifests.all(PodDisruptionBudget.class)).hasSize(1)
                .allSatisfy(budget -> assertThat(selected(workloads, budget.getSpec().getSelector()))
                        .extracting(Workload::name).containsExactly(budget.getMetadata().getName()));
        assertThat(manifests.all(NetworkPolicy.class)).extracting(policy -> policy.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(workloads.stream().map(Workload::name).toList());
        assertThat(manifests.all(NetworkPolicy.class)).allSatisfy(policy -> {
            List<Workload> bound = selected(workloads, policy.getSpec().getPodSelector());
            assertThat(bound).extracting(Workload::name).containsExactly(policy.getMetadata().getName());
            assertThat(policy.getSpec().getIngress()).isNotEmpty().allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty()
                    .allSatisfy(port -> assertThat(bound.get(0).port(port.getPort())).isPositive()));
        });
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldPointEveryServiceToAPortOfThePodsItSelects(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);
        List<Workload> workloads = Workload.of(manifests);

        // Then
        assertThat(manifests.all(Service.class)).hasSameSizeAs(workloads).allSatisfy(service -> {
            List<Workload> selected = selected(workloads,
                    new LabelSelector(List.of(), service.getSpec().getSelector()));
            assertThat(selected).extracting(Workload::name).containsExactly(service.getMetadata().getName());
            // The same number inside and outside: a network policy sees the one inside.
            assertThat(service.getSpec().getPorts()).isNotEmpty().allSatisfy(
                    port -> assertThat(selected.get(0).port(port.getTargetPort())).isEqualTo(port.getPort()));
        });
        assertThat(manifests.all(StatefulSet.class)).allSatisfy(set -> assertThat(
                manifests.one(Service.class, set.getSpec().getServiceName()).getSpec().getClusterIP()).isEqualTo("None"));
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldMountAndReadOnlyWhatIsThere(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);

        // Then
        assertThat(Workload.of(manifests)).allSatisfy(workload -> {
            List<String> volumes = Stream.concat(workload.pod().getVolumes().stream().map(Volume::getName),
                    claims(manifests, workload)).toList();
            assertThat(workload.container().getVolumeMounts()).extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(workload.container().getEnvFrom()).extracting(EnvFromSource::getConfigMapRef)
                    .allSatisfy(map -> assertThat(map == null || manifests.has("ConfigMap", map.getName())).isTrue());
            String account = workload.pod().getServiceAccountName();
            assertThat(account == null || manifests.has("ServiceAccount", account)).isTrue();
        });
    }

    /** A Secret that is not in the manifests is one that the comment of an overlay says how to make, or that Strimzi makes. */
    @Test
    void shouldSayWhereTheSecretsComeFromThatAreNotThere() {
        // Given
        String production = Manifests.read(Manifests.PRODUCTION.resolve("kustomization.yaml"));
        String strimzi = Manifests.read(Manifests.STRIMZI.resolve("kustomization.yaml"));

        // Then
        assertThat(Secrets.keys(overlays.of(Manifests.PRODUCTION))).isNotEmpty().allSatisfy((name, keys) -> {
            assertThat(production).contains("kubectl create secret generic " + name + " ");
            assertThat(keys).allSatisfy(key -> assertThat(production).matches("(?s).*--from-(literal|file)=" + key + "[ =].*"));
        });
        // The user operator names the Secret as the user, and has these two keys in it; the cluster operator has the other.
        assertThat(Secrets.keys(overlays.of(Manifests.STRIMZI))).containsOnlyKeys("orderstream-kafka",
                "kafka-cluster-ca-cert");
        assertThat(Secrets.keys(overlays.of(Manifests.STRIMZI)).get("orderstream-kafka"))
                .containsExactlyInAnyOrder("password", "sasl.jaas.config");
        assertThat(Secrets.keys(overlays.of(Manifests.STRIMZI)).get("kafka-cluster-ca-cert")).containsExactly("ca.crt");
        assertThat(strimzi).contains("the Secret orderstream-kafka", "the Secret kafka-cluster-ca-cert");
        assertThat(Secrets.keys(Manifests.base())).isEmpty();
        assertThat(Secrets.keys(overlays.of(Manifests.DEMO))).isEmpty();
    }

    /** Applying it again would put the template in the place of the real one. */
    @Test
    void shouldLeaveOutTheTemplateOfTheSecretWhereThereIsARealOne() {
        assertThat(overlays.of(Manifests.PRODUCTION).all("Secret")).isEmpty();
        assertThat(overlays.of(Manifests.STRIMZI).all("Secret")).isEmpty();
        assertThat(Manifests.base().all("Secret")).hasSize(1).allSatisfy(
                secret -> assertThat(secret.json().has("data") || secret.json().has("stringData")).isFalse());
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldScrapeAPortOfTheService(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);

        // Then
        assertThat(manifests.all(ServiceMonitor.class)).allSatisfy(monitor -> {
            Map<String, String> wanted = monitor.getSpec().getSelector().getMatchLabels();
            List<Service> services = manifests.all(Service.class).stream()
                    .filter(service -> service.getMetadata().getLabels().entrySet().containsAll(wanted.entrySet())).toList();
            assertThat(services).extracting(service -> service.getMetadata().getName()).containsExactly("orderstream");
            assertThat(monitor.getSpec().getEndpoints()).hasSize(1).first().satisfies(endpoint -> {
                assertThat(endpoint.getPath()).isEqualTo("/q/metrics");
                assertThat(services.get(0).getSpec().getPorts()).filteredOn(port -> port.getName().equals(endpoint.getPort()))
                        .hasSize(1).first().extracting(port -> port.getPort())
                        .isEqualTo(Declared.number("METRICS_PORT"));
            });
        });
        boolean hasOperator = directory.equals(Manifests.PRODUCTION) || directory.equals(Manifests.STRIMZI);
        assertThat(manifests.all(ServiceMonitor.class)).hasSize(hasOperator ? 1 : 0);
    }

    @Test
    void shouldFindTheConfigMapOfTheOverlayUnderANameThatChangesWithIt() {
        assertThat(Stream.of(Manifests.DEMO, Manifests.PRODUCTION, Manifests.STRIMZI).map(overlays::of))
                .allSatisfy(manifests -> assertThat(manifests.all(ConfigMap.class))
                        .filteredOn(map -> map.getMetadata().getName().matches("orderstream-(demo|production)-[a-z0-9]{10}"))
                        .hasSize(1));
    }

    private static Stream<String> claims(Manifests manifests, Workload workload) {
        return manifests.all(StatefulSet.class).stream().filter(set -> set.getMetadata().getName().equals(workload.name()))
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream()).map(claim -> claim.getMetadata().getName());
    }

    private static List<Workload> selected(List<Workload> workloads, LabelSelector selector) {
        assertThat(selector.getMatchExpressions()).isEmpty();
        return workloads.stream().filter(workload -> workload.isSelectedBy(selector.getMatchLabels())).toList();
    }
}
