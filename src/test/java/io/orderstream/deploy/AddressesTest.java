package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** Whom the environment names can be found, and may be called. */
class AddressesTest {

    private static final int NAMES = 53;

    /** A host and a port, in a list of them or in a url. */
    private record Address(String host, int port) {

        private static final Pattern HOST_AND_PORT = Pattern.compile("(?<host>[\\w.-]+):(?<port>\\d+)");

        static List<Address> of(String value) {
            if (value.startsWith("http")) {
                URI uri = URI.create(value);
                int implied = uri.getScheme().equals("https") ? 443 : 80;
                return List.of(new Address(uri.getHost(), uri.getPort() < 0 ? implied : uri.getPort()));
            }
            return HOST_AND_PORT.matcher(value).results()
                    .map(match -> new Address(match.group(1), Integer.parseInt(match.group(2)))).toList();
        }

        boolean isService(Manifests manifests) {
            return manifests.has("Service", host) && manifests.one(Service.class, host).getSpec().getPorts().stream()
                    .map(ServicePort::getPort).anyMatch(known -> known == port);
        }
    }

    @Test
    void shouldFindEverybodyInTheDemonstration() {
        // Given
        Manifests demo = Manifests.rendered(Manifests.DEMO);

        // When
        List<Address> called = Stream.concat(called(demo).stream(), Address.of(Environment
                .of(demo, Workload.named(demo, "schema-registry")).get("APICURIO_KAFKASQL_BOOTSTRAP_SERVERS")).stream())
                .toList();

        // Then
        assertThat(called).hasSize(3).allSatisfy(address -> assertThat(address.isService(demo)).isTrue());
        // Clients go on to the address the broker gives them: that of the pod, below the name of its service.
        assertThat(Address.of(Environment.of(demo, Workload.named(demo, "kafka")).get("KAFKA_ADVERTISED_LISTENERS")))
                .containsExactly(new Address("kafka-0.kafka", called.get(0).port()));
    }

    @Test
    void shouldLetThemThroughInTheDemonstration() {
        // Given
        Manifests demo = Manifests.rendered(Manifests.DEMO);

        // Then
        assertThat(clients(demo, "kafka")).containsExactlyInAnyOrder("orderstream", "schema-registry");
        assertThat(clients(demo, "schema-registry")).containsExactly("orderstream");
    }

    /** Anywhere else they are outside, and a name without a dot would be one of the same namespace. */
    @Test
    void shouldCallNobodyInTheNamespaceWhereNobodyIs() {
        assertThat(Stream.of(Manifests.PRODUCTION, Manifests.STRIMZI).map(Manifests::rendered))
                .allSatisfy(manifests -> assertThat(called(manifests)).isNotEmpty().extracting(Address::host)
                        .allSatisfy(host -> assertThat(host).contains(".")));
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldLetTheApplicationOutToWhomItCallsAndNobodyElse(Path directory) {
        // Given
        Manifests manifests = Manifests.rendered(directory);

        // Then
        assertThat(open(manifests)).containsExactlyInAnyOrderElementsOf(needed(manifests));
    }

    /** With the component for tracing beside the other components of production. */
    @ParameterizedTest
    @ValueSource(strings = { "production", "strimzi" })
    void shouldLetSpansOutToTheirCollector(String overlay, @TempDir Path directory) throws IOException {
        // Given
        copy(Manifests.ROOT, directory);
        Path kustomization = directory.resolve("overlays/production/kustomization.yaml");
        Files.writeString(kustomization, Manifests.read(kustomization).replace("\ncomponents:\n",
                "\ncomponents:\n  - ../../components/tracing\n"));

        // When
        Manifests manifests = Manifests.rendered(directory.resolve("overlays").resolve(overlay));

        // Then
        manifests.all().forEach(Manifest::model);
        assertThat(Environment.of(manifests)).containsEntry("TRACING_ENABLED", "true")
                .containsKeys("KAFKA_SASL_JAAS_CONFIG", "OTEL_EXPORTER_OTLP_ENDPOINT");
        assertThat(called(manifests)).extracting(Address::host).allSatisfy(host -> assertThat(host).contains("."));
        assertThat(open(manifests)).containsExactlyInAnyOrderElementsOf(needed(manifests));
    }

    private static List<Address> called(Manifests manifests) {
        Map<String, String> environment = Environment.of(manifests);
        return Stream.of("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "FULFILMENT_URL", "OTEL_EXPORTER_OTLP_ENDPOINT")
                .map(environment::get).filter(Objects::nonNull).flatMap(value -> Address.of(value).stream()).toList();
    }

    private static List<Integer> needed(Manifests manifests) {
        return Stream.concat(called(manifests).stream().map(Address::port), Stream.of(NAMES)).distinct().toList();
    }

    /** What the application may call by TCP: each policy that takes its pods adds to the others. */
    private static List<Integer> open(Manifests manifests) {
        Workload application = Workload.application(manifests);
        return manifests.all(NetworkPolicy.class).stream()
                .filter(policy -> application.isSelectedBy(policy.getSpec().getPodSelector().getMatchLabels()))
                .flatMap(policy -> policy.getSpec().getEgress().stream()).flatMap(rule -> rule.getPorts().stream())
                .filter(port -> port.getProtocol().equals("TCP")).map(port -> port.getPort().getIntVal()).toList();
    }

    private static List<String> clients(Manifests manifests, String server) {
        return manifests.one(NetworkPolicy.class, server).getSpec().getIngress().stream()
                .flatMap(rule -> rule.getFrom().stream())
                .flatMap(peer -> Workload.of(manifests).stream()
                        .filter(workload -> workload.isSelectedBy(peer.getPodSelector().getMatchLabels())))
                .map(Workload::name).toList();
    }

    private static void copy(Path tree, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(tree.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
