package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;

/** The cache of classes that Dockerfile.jvm puts into the image: made by the same script, from the same jars. */
@Tag("full")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script needs bash")
class AotCacheIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app").toAbsolutePath();
    private static final Path SCRIPT = Path.of("src/main/docker/aot-cache.sh").toAbsolutePath();
    private static final int FIRST_JDK = 25;

    @Test
    void shouldProcessOrdersWithTheCache(@TempDir Path directory) throws IOException {
        // Given
        Optional<Path> jdk = Jdks.find(release -> release >= FIRST_JDK);
        assumeTrue(jdk.isPresent(), "there is no JDK of release 25 or later: set JAVA25_HOME");
        Path cache = directory.resolve("app.aot");

        // When
        writeCache(jdk.get(), cache);

        // Then
        assertThat(cache).isNotEmptyFile();
        try (PackagedApps broker = new PackagedApps(directory.resolve("kafka"));
                AppProcess app = start(jdk.get(), cache, broker)) {
            OrderApp api = new OrderApp(
                    "http://localhost:" + app.awaitLine("Listening on: http://[^:]+:(\\d+)", PATIENCE).group(1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isEqualTo(20));
        }
    }

    private static void writeCache(Path jdk, Path cache) throws IOException {
        String path = jdk.resolve("bin") + File.pathSeparator + System.getenv("PATH");
        Path spool = Files.createDirectory(cache.resolveSibling("spool"));
        try (AppProcess script = AppProcess.start(List.of("bash", SCRIPT.toString(), cache.toString()), APPLICATION,
                Map.of("PATH", path, "SPOOL_DIRECTORY", spool.toString()))) {
            assertThat(script.awaitExit(PATIENCE)).as(script.lastLines()).isZero();
        }
    }

    /** With a cache that has to fit: without AOTMode=on one that does not is left alone, and nobody notices. */
    private static AppProcess start(Path jdk, Path cache, PackagedApps broker) {
        Map<String, String> settings = PackagedApps.ownTopics();
        settings.putAll(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "SCHEMA_REGISTRY_URL", broker.registryUrl(),
                        "ORDERS_COUNT", "20", "ORDERS_INTERVAL", "5ms", "RETRY_BACKOFF_SECONDS", "0.05", "JAVA_TOOL_OPTIONS",
                        Dockerfile.read(Dockerfile.JVM).pairs("ENV").get("JAVA_TOOL_OPTIONS")));
        return JavaPrograms.packaged(jdk, List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"), settings);
    }
}
