package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the services of docker-compose.yml may take of the machine. */
class ComposeResourcesTest {

    private static final ComposeFile COMPOSE = new ComposeFile();
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d+)m");
    private static final int MEGABYTE = 1024 * 1024;

    static Stream<String> services() {
        return COMPOSE.services().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldLimitWhatEachServiceTakes(String service) {
        // When
        double cpus = COMPOSE.service(service).at("/deploy/resources/limits/cpus").asDouble();
        int memory = megabytes(service);

        // Then
        assertThat(cpus).isBetween(0.5, 2.0);
        Matcher heap = HEAP.matcher(COMPOSE.environment(service).values().toString());
        if (heap.find()) {
            assertThat(Integer.parseInt(heap.group(1))).as("heap in megabytes").isLessThan(memory);
        }
    }

    /** Its heap is the same share of the limit there and here. */
    @Test
    void shouldGiveTheApplicationTheMemoryThatItsDeploymentDoes() {
        // Given
        Manifests base = Manifests.base();

        // When
        long there = Workload.application(base).container().getResources().getLimits().get("memory").getNumericalAmount()
                .longValueExact();

        // Then
        assertThat((long) megabytes(ComposeFile.APPLICATION) * MEGABYTE).isGreaterThanOrEqualTo(there);
    }

    /** Nothing deletes a file in a container. */
    @Test
    void shouldHaveABrokerThatLogsToItsOutputOnly() {
        assertThat(COMPOSE.mounts("kafka")).anySatisfy(mount -> {
            assertThat(Path.of(mount[0])).hasSameTextualContentAs(BrokerLog.FILE);
            assertThat(mount[1]).isEqualTo(BrokerLog.MOUNTED.resolve(BrokerLog.NAME).toString());
        });
        assertThat(COMPOSE.environment("kafka").get(BrokerLog.GC)).matches(BrokerLog.NO_FILE);
    }

    private static int megabytes(String service) {
        String amount = COMPOSE.service(service).at("/deploy/resources/limits/memory").asText();
        assertThat(amount).matches("\\d+[MG]");
        int number = Integer.parseInt(amount.substring(0, amount.length() - 1));
        return amount.endsWith("G") ? 1024 * number : number;
    }
}
