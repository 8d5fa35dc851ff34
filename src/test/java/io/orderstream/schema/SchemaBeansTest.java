package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.schema.RegistryAccess.Node;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.support.HttpCredentials;
import io.orderstream.testsupport.HttpsKeys;
import io.orderstream.testsupport.NamedTls;
import io.orderstream.testsupport.Ports;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.mutiny.core.Vertx;

class SchemaBeansTest {

    @TempDir
    private Path directory;

    private final SchemaBeans beans = new SchemaBeans();

    @Test
    void shouldTrustOnlyWithTheNamedTlsConfiguration() {
        HttpsKeys keys = new HttpsKeys(directory);
        Path own = keys.make("server");
        Path client = keys.make("client");
        Vertx vertx = Vertx.vertx();
        try {
            // Given
            Given trusting = given(https(vertx, own, client), "registry");
            Given careless = new Given(trusting.url(), Optional.empty(), Optional.empty(), Optional.empty());
            NamedTls tls = new NamedTls(Map.of("registry", new HttpsKeys.Configuration(own, client)));

            // Then
            assertThat(fetch(vertx, trusting, tls)).isEqualTo(Schema.create(Schema.Type.STRING));
            assertThatThrownBy(() -> fetch(vertx, careless, tls)).isExactlyInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("certificate is not from a trusted authority");
        } finally {
            vertx.closeAndAwait();
        }
    }

    @Test
    void shouldUseACertificateThatIsRenewedWithoutARestart() {
        HttpsKeys keys = new HttpsKeys(directory);
        Path own = keys.make("server");
        Path client = keys.make("client");
        Vertx vertx = Vertx.vertx();
        try {
            // Given: whom it trusts is not there yet
            Given settings = given(https(vertx, own, client), "registry");
            RegistryClient made = beans.registryClient(vertx.getDelegate(), beans.access(settings), settings,
                    new NamedTls(Map.of("registry", new HttpsKeys.Configuration(client, client))));
            assertThatThrownBy(() -> made.schemaById(1).await().atMost(PATIENCE))
                    .hasMessageContaining("the server's certificate is not from a trusted authority");
            HttpsKeys.Configuration renewed = new HttpsKeys.Configuration(own, client);

            // When
            beans.renewed(new CertificateUpdatedEvent("another", renewed), made, settings);
            assertThatThrownBy(() -> made.schemaById(1).await().atMost(PATIENCE))
                    .isExactlyInstanceOf(RegistryUnavailableException.class);
            beans.renewed(new CertificateUpdatedEvent("registry", renewed), made, settings);

            // Then
            assertThat(made.schemaById(1).await().atMost(PATIENCE)).isEqualTo(Schema.create(Schema.Type.STRING));
            beans.close(made);
        } finally {
            vertx.closeAndAwait();
        }
    }

    /** Starts a registry that answers to the owner of one certificate only. */
    private static String https(Vertx vertx, Path own, Path client) {
        HttpServerOptions options = new HttpServerOptions();
        HttpsKeys.require(options, own, client);
        HttpServer server = vertx.getDelegate().createHttpServer(options)
                .requestHandler(request -> request.response().end("{\"schema\": \"\\\"string\\\"\"}"))
                .listen(Ports.free(), "localhost").toCompletionStage().toCompletableFuture().join();
        return "https://localhost:" + server.actualPort();
    }

    private static Given given(String url, String tls) {
        return new Given(List.of(url), Optional.empty(), Optional.empty(), Optional.of(tls));
    }

    @Test
    void shouldTellToWhomCredentialsAreSentInTheClear() {
        assertThat(RegistryAccess.of(List.of("http://far.example:8081", "https://far.example", "http://localhost:1",
                "http://127.0.0.1", "http://[::1]"), Optional.of(HttpCredentials.bearer("t0k3n")), PATIENCE).exposed())
                .containsExactly("http://far.example:8081");
        assertThat(RegistryAccess.of(List.of("http://far.example"), Optional.empty(), PATIENCE).exposed()).isEmpty();
        assertThatThrownBy(() -> RegistryAccess.of(List.of("http://ada:secret@far.example"),
                Optional.of(HttpCredentials.bearer("t0k3n")), PATIENCE)).isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("SCHEMA_REGISTRY_TOKEN").hasMessageNotContainingAny("secret", "t0k3n");
    }

    @Test
    void shouldRefuseATlsConfigurationThatDoesNotExist() {
        // Given
        Given settings = new Given(List.of("https://localhost"), Optional.empty(), Optional.empty(), Optional.of("nope"));

        // Then
        assertThatThrownBy(() -> SchemaBeans.tlsConfiguration(settings, NamedTls.NONE))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SCHEMA_REGISTRY_TLS")
                .hasMessageContaining("'nope'");
    }

    @Test
    void shouldNotNameATlsConfigurationThatNoUrlUses() {
        // Given
        Given settings = new Given(List.of("http://a", "http://b"), Optional.empty(), Optional.empty(), Optional.of("own"));

        // Then
        assertThatThrownBy(() -> SchemaBeans.tlsConfiguration(settings, NamedTls.NONE))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(
                        "SCHEMA_REGISTRY_URL must have an https url, since SCHEMA_REGISTRY_TLS is 'own', but has http urls only.");
    }

    @Test
    void shouldTakeCredentials() {
        // Given
        Given settings = new Given(List.of("http://localhost"), Optional.of("ada"), Optional.of("secret"), Optional.empty());

        // Then
        assertThat(beans.access(settings).nodes()).singleElement()
                .isEqualTo(new Node("http://localhost", Optional.of(HttpCredentials.basic("ada", "secret"))));
    }

    private Schema fetch(Vertx vertx, RegistrySettings settings, TlsConfigurationRegistry tls) {
        RegistryClient client = beans.registryClient(vertx.getDelegate(), beans.access(settings), settings, tls);
        try {
            return client.schemaById(1).await().atMost(PATIENCE);
        } finally {
            beans.close(client);
        }
    }

    private record Given(List<String> url, Optional<String> user, Optional<String> password,
            Optional<String> tls) implements RegistrySettings {

        @Override
        public Optional<String> token() {
            return Optional.empty();
        }

        @Override
        public Duration timeout() {
            return PATIENCE;
        }

        @Override
        public Duration unknownAfter() {
            return Duration.ZERO;
        }

        @Override
        public boolean autoRegister() {
            return true;
        }
    }
}
