package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.orderstream.schema.RegistryAccess.Node;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.support.HttpCredentials;
import io.orderstream.testsupport.HttpsKeys;
import io.orderstream.testsupport.Ports;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.mutiny.core.Vertx;

class SchemaBeansTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    private final SchemaBeans beans = new SchemaBeans();

    @Test
    void shouldTrustOnlyWithTheNamedTlsConfiguration() throws Exception {
        Path keyStore = selfSigned();
        HttpsServer server = https(keyStore);
        Vertx vertx = Vertx.vertx();
        try {
            // Given
            String url = "https://localhost:" + server.getAddress().getPort();
            TlsConfigurationRegistry tls = new Registry(Map.of("registry", new Trusting(keyStore)));
            Given trusting = new Given(List.of(url), Optional.empty(), Optional.empty(), Optional.of("registry"));
            Given careless = new Given(List.of(url), Optional.empty(), Optional.empty(), Optional.empty());

            // Then
            assertThat(fetch(vertx, trusting, tls)).isEqualTo(Schema.create(Schema.Type.STRING));
            assertThatThrownBy(() -> fetch(vertx, careless, tls)).isExactlyInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("certificate is not from a trusted authority");
        } finally {
            vertx.closeAndAwait();
            server.stop(0);
        }
    }

    @Test
    void shouldUseACertificateThatIsRenewedWithoutARestart() throws Exception {
        HttpsKeys keys = new HttpsKeys(directory);
        Path client = keys.make("client");
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.getDelegate().createHttpServer(required(keys.make("server"), client))
                .requestHandler(request -> request.response().end("{\"schema\": \"\\\"string\\\"\"}"))
                .listen(Ports.free(), "localhost").toCompletionStage().toCompletableFuture().join();
        try {
            // Given: whom it trusts is not there yet
            Given settings = new Given(List.of("https://localhost:" + server.actualPort()), Optional.empty(), Optional.empty(),
                    Optional.of("registry"));
            RegistryClient made = beans.registryClient(vertx.getDelegate(), beans.access(settings), settings,
                    new Registry(Map.of("registry", new HttpsKeys.Configuration(client, client))));
            assertThatThrownBy(() -> made.schemaById(1).await().atMost(PATIENCE))
                    .hasMessageContaining("the server's certificate is not from a trusted authority");
            HttpsKeys.Configuration renewed = new HttpsKeys.Configuration(directory.resolve("server.p12"), client);

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

    private static HttpServerOptions required(Path server, Path client) {
        HttpServerOptions options = new HttpServerOptions();
        HttpsKeys.require(options, server, client);
        return options;
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
        assertThatThrownBy(() -> SchemaBeans.tlsConfiguration(settings, new Registry(Map.of())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SCHEMA_REGISTRY_TLS")
                .hasMessageContaining("'nope'");
    }

    @Test
    void shouldNotNameATlsConfigurationThatNoUrlUses() {
        // Given
        Given settings = new Given(List.of("http://a", "http://b"), Optional.empty(), Optional.empty(), Optional.of("own"));

        // Then
        assertThatThrownBy(() -> SchemaBeans.tlsConfiguration(settings, new Registry(Map.of())))
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

    private Path selfSigned() throws IOException, InterruptedException {
        Path keyStore = directory.resolve("registry.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias", "registry", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-validity", "2",
                "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keyStore.toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return keyStore;
    }

    private static HttpsServer https(Path keyStore) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(keyStore), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = "{\"schema\": \"\\\"string\\\"\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static KeyStore load(Path path) throws IOException, GeneralSecurityException {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(path.toFile())) {
            keyStore.load(in, PASSWORD.toCharArray());
        }
        return keyStore;
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

    private record Registry(Map<String, TlsConfiguration> configurations) implements TlsConfigurationRegistry {

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.ofNullable(configurations.get(name));
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Trusting extends BaseTlsConfiguration {

        private final Path keyStore;

        Trusting(Path keyStore) {
            this.keyStore = keyStore;
        }

        @Override
        public TrustOptions getTrustStoreOptions() {
            return new PfxOptions().setPath(keyStore.toString()).setPassword(PASSWORD);
        }

        @Override
        public SSLOptions getSSLOptions() {
            return new SSLOptions();
        }
    }
}
