package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;

/** Objects refer to each other by labels, names and ports, and nobody tells when they do not meet. */
class ReferencesTest {

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldSelectThePodsThatAreMade(Path directory) {
        // Given
        Manifests manifests = Manifests.rendered(directory);
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
        Manifests manifests = Manifests.rendered(directory);
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
        Manifests manifests = Manifests.rendered(directory);

        // Then
        assertThat(Workload.of(manifests)).allSatisfy(workload -> {
            List<String> volumes = Stream.concat(workload.pod().getVolumes().stream().map(Volume::getName),
                    claims(manifests, workload)).toList();
            assertThat(workload.container().getVolumeMounts()).extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
            String account = workload.pod().getServiceAccountName();
            assertThat(account == null || manifests.has("ServiceAccount", account)).isTrue();
        });
        assertThat(Stream.of("configMapRef", "configMap", "configMapTargetRef").flatMap(field -> values(manifests, field)))
                .isNotEmpty().extracting(map -> map.get("name").asText())
                .allSatisfy(map -> assertThat(manifests.has("ConfigMap", map)).isTrue());
    }

    private static Stream<String> claims(Manifests manifests, Workload workload) {
        return manifests.all(StatefulSet.class).stream().filter(set -> set.getMetadata().getName().equals(workload.name()))
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream()).map(claim -> claim.getMetadata().getName());
    }

    /** Without them pods do not start, and KEDA does not ask the broker. None is in the manifests. */
    @Test
    void shouldNeedNoKeysOfSecretsButThoseSomebodyMakes() {
        assertThat(secretKeys(Manifests.PRODUCTION)).as("by hand").containsOnly("orderstream-kafka sasl.jaas.config",
                "orderstream-kafka ca.crt", "orderstream-kafka username", "orderstream-kafka password");
        assertThat(secretKeys(Manifests.STRIMZI)).as("by the user operator, and by the cluster operator").containsOnly(
                "orderstream-kafka sasl.jaas.config", "orderstream-kafka password", "kafka-cluster-ca-cert ca.crt");
        assertThat(Stream.of(Manifests.BASE, Manifests.DEMO).flatMap(ReferencesTest::secretKeys)).isEmpty();
    }

    private static Stream<String> secretKeys(Path directory) {
        Manifests manifests = Manifests.rendered(directory);
        return Stream.concat(
                Stream.of("secretKeyRef", "secretTargetRef").flatMap(field -> values(manifests, field))
                        .map(key -> key.get("name").asText() + " " + key.get("key").asText()),
                values(manifests, "secret").flatMap(volume -> volume.findValues("key").stream()
                        .map(key -> volume.get("secretName").asText() + " " + key.asText())));
    }

    /** What stands behind a name, wherever that is; if it is a list, its elements. */
    private static Stream<JsonNode> values(Manifests manifests, String field) {
        return manifests.all().stream().flatMap(object -> object.json().findValues(field).stream())
                .flatMap(value -> value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value));
    }

    /** Applying it again would put the template in the place of the real one. */
    @Test
    void shouldLeaveOutTheTemplateOfTheSecretWhereThereIsARealOne() {
        assertThat(Stream.of(Manifests.PRODUCTION, Manifests.STRIMZI).map(Manifests::rendered))
                .allSatisfy(manifests -> assertThat(manifests.all("Secret")).isEmpty());
        assertThat(Manifests.base().all("Secret")).hasSize(1).allSatisfy(
                secret -> assertThat(secret.json().has("data") || secret.json().has("stringData")).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = { "production", "strimzi" })
    void shouldScrapeAPortOfTheService(String overlay) {
        // Given
        Manifests manifests = Manifests.rendered(Manifests.ROOT.resolve("overlays").resolve(overlay));
        ServiceMonitor monitor = manifests.one(ServiceMonitor.class, "orderstream");

        // When
        List<Service> services = manifests.all(Service.class).stream().filter(service -> service.getMetadata().getLabels()
                .entrySet().containsAll(monitor.getSpec().getSelector().getMatchLabels().entrySet())).toList();

        // Then
        assertThat(services).extracting(service -> service.getMetadata().getName()).containsExactly("orderstream");
        assertThat(monitor.getSpec().getEndpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getPath()).isEqualTo("/q/metrics");
            assertThat(services.get(0).getSpec().getPorts()).filteredOn(port -> port.getName().equals(endpoint.getPort()))
                    .extracting(ServicePort::getPort).containsExactly(Declared.number("METRICS_PORT"));
        });
    }

    /** Nothing deletes a file in a container, and an emptyDir that grows beyond its limit would have the broker evicted. */
    @Test
    void shouldLogTheBrokerToItsOutputOnly() {
        // When
        JsonNode configuration = Yaml.read(KafkaServer.LOG).path("Configuration");

        // Then
        assertThat(Yaml.fields(configuration.path("Appenders"))).containsOnlyKeys("Console");
        assertThat(configuration.at("/Loggers/Root/AppenderRef/ref").asText()).isNotEmpty()
                .isEqualTo(configuration.at("/Appenders/Console/name").asText());
    }

    private static List<Workload> selected(List<Workload> workloads, LabelSelector selector) {
        assertThat(selector.getMatchExpressions()).isEmpty();
        return workloads.stream().filter(workload -> workload.isSelectedBy(selector.getMatchLabels())).toList();
    }
}
