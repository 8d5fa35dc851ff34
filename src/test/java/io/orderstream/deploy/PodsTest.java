package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;

/** What every pod has to keep to, and the application's in particular. */
class PodsTest {

    private static final List<String> RESOURCES = List.of("cpu", "memory", "ephemeral-storage");

    /** The namespace of the demonstration admits no others. */
    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldRunNothingWithPrivileges(Path directory) {
        assertThat(workloads(directory)).allSatisfy(workload -> {
            PodSecurityContext pod = workload.pod().getSecurityContext();
            assertThat(pod.getRunAsNonRoot()).isTrue();
            assertThat(pod.getRunAsUser()).isPositive();
            assertThat(pod.getFsGroup()).isEqualTo(pod.getRunAsGroup()).isPositive();
            assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
            SecurityContext container = workload.container().getSecurityContext();
            assertThat(container.getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
        });
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldAskEveryProgramHowItIsAndBoundWhatItMayUse(Path directory) {
        assertThat(workloads(directory)).allSatisfy(workload -> {
            assertThat(workload.pod().getContainers()).hasSize(1);
            assertThat(workload.pod().getInitContainers()).isEmpty();
            Container container = workload.container();
            assertThat(List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe()))
                    .allSatisfy(probe -> assertThat(workload.port(port(probe))).isPositive());
            Map<String, Quantity> requests = container.getResources().getRequests();
            assertThat(requests).containsOnlyKeys(RESOURCES);
            assertThat(container.getResources().getLimits()).containsOnlyKeys(RESOURCES).allSatisfy(
                    (resource, limit) -> assertThat(bytes(limit)).isGreaterThanOrEqualTo(bytes(requests.get(resource))));
            assertThat(workload.pod().getVolumes()).filteredOn(volume -> volume.getEmptyDir() != null).isNotEmpty()
                    .allSatisfy(volume -> assertThat(bytes(volume.getEmptyDir().getSizeLimit())).isPositive());
            assertThat(workload.pod().getEnableServiceLinks()).as("KAFKA_PORT, and what else a Service is told by").isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldRunWhatIsBuiltAndTestedHere(Path directory) {
        // Given
        Map<String, String> versions = Map.of("orderstream", version(""), "kafka", version("kafka."), "schema-registry",
                version("apicurio."));

        // Then
        assertThat(workloads(directory)).allSatisfy(workload -> assertThat(workload.container().getImage())
                .endsWith(":" + versions.get(workload.name())));
    }

    /** The first element of the pom that is called so. */
    private static String version(String of) {
        Matcher version = Pattern.compile("<" + of + "version>([^<]+)<").matcher(Manifests.read(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldGiveTheApplicationTheUserPortsAndProbesItHas(Path directory) {
        // Given
        Workload application = Workload.application(Manifests.rendered(directory));
        PodSecurityContext pod = application.pod().getSecurityContext();
        Container container = application.container();

        // Then
        assertThat(pod.getRunAsUser() + ":" + pod.getRunAsGroup()).isEqualTo(Dockerfile.read(Dockerfile.JVM).one("USER"));
        assertThat(application.port(new IntOrString("http"))).isEqualTo(Declared.number("HTTP_PORT"));
        assertThat(application.port(new IntOrString("management"))).isEqualTo(Declared.number("METRICS_PORT"));
        assertThat(Map.of("started", container.getStartupProbe(), "ready", container.getReadinessProbe(), "live",
                container.getLivenessProbe())).allSatisfy((probe, asked) -> {
                    HTTPGetAction request = asked.getHttpGet();
                    assertThat(request.getPath()).isEqualTo("/q/health/" + probe);
                    assertThat(request.getPort()).isEqualTo(new IntOrString("management"));
                    assertThat(request.getScheme()).isEqualTo("HTTP");
                    // StuckPartitionsCheck takes two seconds to say that an event loop is blocked.
                    assertThat(asked.getTimeoutSeconds()).isGreaterThan(2);
                });
        assertThat(container.getPorts()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldLetTheApplicationWriteWhereItHasTo(Path directory) {
        // Given
        Manifests manifests = Manifests.rendered(directory);
        Workload application = Workload.application(manifests);
        Map<String, String> environment = Environment.of(manifests);

        // When
        Set<String> writable = application.container().getVolumeMounts().stream()
                .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly())).map(VolumeMount::getMountPath)
                .collect(Collectors.toSet());

        // Then
        assertThat(writable).containsExactlyInAnyOrder(environment.get("SPOOL_DIRECTORY"), "/tmp");
        assertThat(bytes(application.pod().getVolumes().stream().filter(volume -> volume.getName().equals("spool"))
                .findFirst().orElseThrow().getEmptyDir().getSizeLimit()))
                .isGreaterThan(Double.parseDouble(environment.get("SPOOL_MAX_BYTES")) * 2 * 1.2);
    }

    private static List<Workload> workloads(Path directory) {
        List<Workload> workloads = Workload.of(Manifests.rendered(directory));
        assertThat(workloads).isNotEmpty();
        return workloads;
    }

    private static IntOrString port(Probe probe) {
        return probe.getHttpGet() == null ? probe.getTcpSocket().getPort() : probe.getHttpGet().getPort();
    }

    private static double bytes(Quantity quantity) {
        return quantity.getNumericalAmount().doubleValue();
    }
}
