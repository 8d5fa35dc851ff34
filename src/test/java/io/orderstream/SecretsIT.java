package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpServer;

import io.orderstream.settings.SettingRule;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;

/** No secret is in anything that the packaged application prints or answers, however it fails. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {

    /** What every secret here contains, in the clear or as base64, whatever it stands in. */
    private static final String MARK = "m4rk3dXYZ";
    private static final String SECRET = MARK + "m4rk3dXYZ";
    private static final List<String> MARKS = List.of(MARK,
            Base64.getEncoder().encodeToString(("alice:" + SECRET).getBytes(StandardCharsets.UTF_8)).substring(10, 20));
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\""
            + SECRET + "\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
    private PackagedApps apps;
    private HttpServer unfriendly;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
        unfriendly = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        unfriendly.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        unfriendly.start();
    }

    @AfterEach
    void killWhatStillRuns() {
        apps.killAll();
    }

    @AfterAll
    void stop() {
        if (apps != null) {
            apps.close();
            unfriendly.stop(0);
        }
    }

    @Test
    void shouldKnowEverySettingThatIsASecret() {
        assertThat(Settings.mappings().stream().flatMap(SettingRule::of).filter(SettingRule::secret).map(SettingRule::env))
                .containsExactlyInAnyOrder("OPERATOR_PASSWORD", "OTEL_EXPORTER_OTLP_HEADERS", "SCHEMA_REGISTRY_PASSWORD",
                        "SCHEMA_REGISTRY_TOKEN", "FULFILMENT_PASSWORD", "FULFILMENT_TOKEN");
        assertThat(Settings.mappings().stream().flatMap(SettingRule::of).filter(rule -> !rule.secret()).map(SettingRule::env))
                .noneMatch(env -> env.matches(".*(PASSWORD|SECRET|HEADERS|TOKEN).*"));
    }

    /** A registry that rejects the credentials, a collector and an endpoint that are not there, and a broker that is. */
    @ParameterizedTest
    @ValueSource(strings = { "SCHEMA_REGISTRY_URL=http://alice:" + SECRET + "@%s,http://alice:" + SECRET + "@localhost:1",
            "SCHEMA_REGISTRY_URL=http://%s SCHEMA_REGISTRY_USER=alice SCHEMA_REGISTRY_PASSWORD=" + SECRET
                    + " FULFILMENT_TOKEN=" + SECRET,
            "SCHEMA_REGISTRY_URL=http://%s SCHEMA_REGISTRY_TOKEN=" + SECRET
                    + " FULFILMENT_USER=alice FULFILMENT_PASSWORD=" + SECRET })
    void shouldShowNoSecretWhileWhatItConnectsToFails(String registry) throws IOException, InterruptedException {
        // Given
        Map<String, String> settings = secrets();
        Stream.of(registry.formatted("localhost:" + unfriendly.getAddress().getPort()).split(" "))
                .map(setting -> setting.split("=", 2)).forEach(setting -> settings.put(setting[0], setting[1]));
        authorizations.clear();

        // When
        AppProcess app = run(settings);

        // Then
        app.awaitLine("schema registry is unavailable", PATIENCE);
        String basic = "Basic " + Base64.getEncoder().encodeToString(("alice:" + SECRET).getBytes(StandardCharsets.UTF_8));
        String expected = registry.contains("SCHEMA_REGISTRY_TOKEN") ? "Bearer " + SECRET : basic;
        await().atMost(PATIENCE).until(() -> authorizations.contains(expected));
        assertThat(authorizations).containsOnly(expected);
        assertThat(answers(app)).anyMatch(answer -> answer.contains("the schema of orders is not registered yet"))
                .allSatisfy(SecretsIT::assertNoSecret);
        app.terminate();
        app.awaitExit(PATIENCE);
        assertThat(app.lines()).isNotEmpty().allSatisfy(SecretsIT::assertNoSecret);
    }

    /** Kafka's own settings, right in form, for a broker that knows nothing of them. */
    @ParameterizedTest
    @ValueSource(strings = { "SASL_PLAINTEXT", "SASL_SSL", "SSL" })
    void shouldShowNoSecretOfKafkaWhileTheBrokerDoesNotTakeIt(String protocol) throws IOException, InterruptedException {
        // Given
        Map<String, String> settings = secrets();
        settings.put("KAFKA_SECURITY_PROTOCOL", protocol);
        settings.putAll(
                protocol.startsWith("SASL") ? Map.of("KAFKA_SASL_MECHANISM", "PLAIN", "KAFKA_SASL_JAAS_CONFIG", JAAS + ";")
                        : Map.of("KAFKA_SSL_KEY_PASSWORD", SECRET));

        // When
        AppProcess app = run(settings);

        // Then
        app.awaitLine("waiting for the broker", PATIENCE);
        assertThat(answers(app)).isNotEmpty().allSatisfy(SecretsIT::assertNoSecret);
        app.terminate();
        app.awaitExit(PATIENCE);
        assertThat(app.lines()).allSatisfy(SecretsIT::assertNoSecret);
    }

    @ParameterizedTest
    @ValueSource(strings = { "FULFILMENT_URL=http://alice:" + SECRET + "@localhost/", "FULFILMENT_URL=http://alice:m4r k3d"
            + SECRET + "@localhost/", "OTEL_EXPORTER_OTLP_ENDPOINT=http://alice:" + SECRET + "@localhost:4317",
            "SCHEMA_REGISTRY_URL=http://alice:" + SECRET + "@localhost?x", "SCHEMA_REGISTRY_URL=http://alice:%%%" + SECRET
                    + "@localhost",
            "SCHEMA_REGISTRY_URL=http://bob:" + SECRET
                    + "@localhost SCHEMA_REGISTRY_USER=alice SCHEMA_REGISTRY_PASSWORD=" + SECRET,
            "SCHEMA_REGISTRY_URL=http://alice:" + SECRET + "@localhost SCHEMA_REGISTRY_TOKEN=" + SECRET,
            "SCHEMA_REGISTRY_TOKEN=two " + SECRET, "FULFILMENT_TOKEN=" + SECRET + "\u00e9", "FULFILMENT_PASSWORD=" + SECRET,
            "FULFILMENT_TOKEN=" + SECRET + " FULFILMENT_USER=alice FULFILMENT_PASSWORD=" + SECRET,
            "FULFILMENT_TLS=none FULFILMENT_TOKEN=" + SECRET,
            "SCHEMA_REGISTRY_PASSWORD=" + SECRET, "METRICS_PORT=http://alice:" + SECRET + "@localhost",
            "KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT KAFKA_SASL_MECHANISM=PLAIN KAFKA_SASL_JAAS_CONFIG=password=" + SECRET,
            "KAFKA_SECURITY_PROTOCOL=SSL KAFKA_SSL_KEYSTORE_LOCATION=/nowhere KAFKA_SSL_KEYSTORE_PASSWORD=" + SECRET
                    + " KAFKA_SSL_KEY_PASSWORD=" + SECRET,
            "SCHEMA_REGISTRY_TLS=r QUARKUS_TLS__R__TRUST_STORE_P12_PATH=/nowhere QUARKUS_TLS__R__TRUST_STORE_P12_PASSWORD="
                    + SECRET })
    void shouldRefuseTheStartWithoutRepeatingASecret(String wrong) {
        // Given
        Map<String, String> settings = secrets();
        // JAAS configurations have blanks of their own.
        Stream.of(wrong.split(" (?=[A-Z0-9_]+=)")).map(setting -> setting.split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));

        // When
        AppProcess app = run(settings);

        // Then
        app.awaitExit(PATIENCE);
        assertThat(app.lines()).isNotEmpty().allSatisfy(SecretsIT::assertNoSecret);
    }

    private static Map<String, String> secrets() {
        Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
        settings.putAll(Map.of("OPERATOR_USER", "olga", "OPERATOR_PASSWORD", SECRET, "TRACING_ENABLED", "true",
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1", "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=" + SECRET,
                "FULFILMENT_URL", "http://localhost:1/", "LOG_LEVEL", "trace", "HTTP_PORT", "0", "METRICS_PORT", "0"));
        return settings;
    }

    private AppProcess run(Map<String, String> settings) {
        String[] all = settings.entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return apps.start(Jdks.own(), Map.of(), all);
    }

    private List<String> answers(AppProcess app) throws IOException, InterruptedException {
        String api = "http://localhost:" + app.awaitLine("Listening on: http://[^:]+:(\\d+)", PATIENCE).group(1);
        String management = app.managementUrl();
        List<String> answers = new ArrayList<>();
        for (String path : List.of("/q/health", "/q/health/started", "/q/health/ready", "/q/health/live", "/q/metrics")) {
            answers.add(answer(HttpRequest.newBuilder(URI.create(management + path))));
        }
        for (String path : List.of("/", "/api/orders/stats", "/api/dead-letters", "/api/dead-letters/summary",
                "/api/events/stats", "/api/nothing")) {
            answers.add(answer(HttpRequest.newBuilder(URI.create(api + path))));
        }
        for (String password : List.of("wrong", SECRET)) {
            answers.add(answer(HttpRequest.newBuilder(URI.create(api + "/api/dead-letters/redrive"))
                    .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("olga:" + password)
                            .getBytes(StandardCharsets.UTF_8)))
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"filter\": 7}"))));
        }
        return answers;
    }

    private String answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static void assertNoSecret(String text) {
        assertThat(text).doesNotContain(MARKS);
    }
}
