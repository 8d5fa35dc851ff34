package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** Whom the environment names can be found, and may be called. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AddressesTest {

    private final Overlays overlays = new Overlays();

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
        Manifests demo = overlays.of(Manifests.DEMO);

        // When
        List<Address> called = Stream.concat(called(demo), Stream.of("APICURIO_KAFKASQL_BOOTSTRAP_SERVERS")
                .map(Environment.of(demo, Workload.named(demo, "schema-registry"))::get)
                .flatMap(value -> Address.of(value).stream()))
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
        Manifests demo = overlays.of(Manifests.DEMO);

        // Then
        assertThat(clients(demo, "kafka")).containsExactlyInAnyOrder("orderstream", "schema-registry");
        assertThat(clients(demo, "schema-registry")).containsExactly("orderstream");
    }

    /** Anywhere else they are outside, and a name without a dot would be one of the same namespace. */
    @Test
    void shouldCallNobodyInTheNamespaceWhereNobodyIs() {
        assertThat(Stream.of(Manifests.PRODUCTION, Manifests.STRIMZI).flatMap(overlay -> called(overlays.of(overlay))))
                .isNotEmpty().allSatisfy(address -> assertThat(address.host()).contains("."));
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldLetTheApplicationOutToWhomItCalls(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);

        // When
        List<Integer> open = manifests.one(NetworkPolicy.class, Workload.APPLICATION).getSpec().getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream()).filter(port -> port.getProtocol().equals("TCP"))
                .map(port -> port.getPort().getIntVal()).toList();

        // Then
        assertThat(called(manifests)).isNotEmpty().extracting(Address::port)
                .allSatisfy(port -> assertThat(open).contains(port));
        // No more than that, and names.
        assertThat(open).hasSize(3).contains(53);
    }

    private static Stream<Address> called(Manifests manifests) {
        Map<String, String> environment = Environment.of(manifests, Workload.application(manifests), (secret, key) -> "");
        return Stream.of("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "FULFILMENT_URL").map(environment::get)
                .filter(Objects::nonNull).flatMap(value -> Address.of(value).stream());
    }

    private static List<String> clients(Manifests manifests, String server) {
        return manifests.one(NetworkPolicy.class, server).getSpec().getIngress().stream()
                .flatMap(rule -> rule.getFrom().stream())
                .flatMap(peer -> Workload.of(manifests).stream()
                        .filter(workload -> workload.isSelectedBy(peer.getPodSelector().getMatchLabels())))
                .map(Workload::name).toList();
    }
}
