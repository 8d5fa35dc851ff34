package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;

/** What every pod has to keep to, and the application's in particular. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodsTest {

    private static final List<String> RESOURCES = List.of("cpu", "memory", "ephemeral-storage");

    private final Overlays overlays = new Overlays();

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
    void shouldPinEveryImageAndBoundWhatItMayUse(Path directory) {
        assertThat(workloads(directory)).allSatisfy(workload -> {
            assertThat(workload.pod().getContainers()).hasSize(1);
            assertThat(workload.pod().getInitContainers()).isEmpty();
            Container container = workload.container();
            assertThat(container.getImage()).matches("[\\w./-]+:\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
            assertThat(container.getResources().getRequests()).containsOnlyKeys(RESOURCES);
            assertThat(container.getResources().getLimits()).containsOnlyKeys(RESOURCES).allSatisfy(
                    (resource, limit) -> assertThat(bytes(limit)).isGreaterThanOrEqualTo(
                            bytes(container.getResources().getRequests().get(resource))));
            assertThat(workload.pod().getVolumes()).filteredOn(volume -> volume.getEmptyDir() != null).isNotEmpty()
                    .allSatisfy(volume -> assertThat(bytes(volume.getEmptyDir().getSizeLimit())).isPositive());
            assertThat(workload.pod().getEnableServiceLinks()).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldAskEveryProgramWhetherItHasStartedIsReadyAndLives(Path directory) {
        assertThat(workloads(directory)).allSatisfy(workload -> {
            Container container = workload.container();
            assertThat(List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe()))
                    .allSatisfy(probe -> assertThat(workload.port(port(probe))).isPositive());
        });
    }

    @Test
    void shouldRunWhatIsBuiltAndTestedHere() {
        // Given
        Manifests demo = overlays.of(Manifests.DEMO);
        String pom = Manifests.read(Path.of("pom.xml"));

        // Then
        assertThat(tag(demo, "orderstream")).isEqualTo(between(pom, "<version>", "</version>"));
        assertThat(tag(demo, "kafka")).isEqualTo(between(pom, "<kafka.version>", "</kafka.version>"));
        assertThat(tag(demo, "schema-registry")).isEqualTo(between(pom, "<apicurio.version>", "</apicurio.version>"));
        assertThat(tag(overlays.of(Manifests.PRODUCTION), "orderstream")).isEqualTo(tag(demo, "orderstream"));
        assertThat(tag(Manifests.base(), "orderstream")).isEqualTo(tag(demo, "orderstream"));
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldNeverRunBelowCapacityInAnUpdate(Path directory) {
        // Given
        Deployment deployment = overlays.of(directory).one(Deployment.class, Workload.APPLICATION);

        // When
        RollingUpdateDeployment update = deployment.getSpec().getStrategy().getRollingUpdate();

        // Then
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(update.getMaxUnavailable()).isEqualTo(new IntOrString(0));
        assertThat(update.getMaxSurge().getIntVal()).isPositive();
        assertThat(deployment.getSpec().getMinReadySeconds()).isPositive();
        // A name that is another one for each pod would keep its partitions idle for SESSION_TIMEOUT at each update.
        assertThat(Environment.of(overlays.of(directory), Workload.application(overlays.of(directory)),
                (secret, key) -> "")).doesNotContainKey("GROUP_INSTANCE_ID");
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldGiveTheApplicationTheUserPortsAndProbesItHas(Path directory) {
        // Given
        Workload application = Workload.application(overlays.of(directory));
        Container container = application.container();

        // Then
        assertThat(application.pod().getSecurityContext().getRunAsUser()).isEqualTo(10001);
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
        Manifests manifests = overlays.of(directory);
        Workload application = Workload.application(manifests);
        Map<String, String> environment = Environment.of(manifests, application, (secret, key) -> "");

        // When
        Set<String> writable = application.container().getVolumeMounts().stream()
                .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly())).map(VolumeMount::getMountPath)
                .collect(Collectors.toSet());

        // Then
        assertThat(writable).containsExactlyInAnyOrder(environment.get("SPOOL_DIRECTORY"), "/tmp");
        assertThat(bytes(application.pod().getVolumes().stream().filter(volume -> volume.getName().equals("spool"))
                .findFirst().orElseThrow().getEmptyDir().getSizeLimit()))
                .isGreaterThan(Double.parseDouble(environment.get("SPOOL_MAX_BYTES")) * 1.2);
    }

    @Test
    void shouldHaveAServiceAccountWithoutAToken() {
        // Given
        Manifests base = Manifests.base();

        // Then
        assertThat(base.one(ServiceAccount.class, Workload.application(base).pod().getServiceAccountName())
                .getAutomountServiceAccountToken()).isFalse();
    }

    private List<Workload> workloads(Path directory) {
        List<Workload> workloads = Workload.of(overlays.of(directory));
        assertThat(workloads).isNotEmpty();
        return workloads;
    }

    private static IntOrString port(Probe probe) {
        return probe.getHttpGet() == null ? probe.getTcpSocket().getPort() : probe.getHttpGet().getPort();
    }

    private static double bytes(Quantity quantity) {
        return quantity.getNumericalAmount().doubleValue();
    }

    private static String tag(Manifests manifests, String workload) {
        String image = Workload.named(manifests, workload).container().getImage();
        return image.substring(image.lastIndexOf(':') + 1);
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
