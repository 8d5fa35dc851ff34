package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.NamedTls;
import io.vertx.core.net.SSLOptions;

/** With a broker and files: SecuredKafkaIT. */
class KafkaTlsTest {

    private final Files files = new Files();
    private final KafkaTls tls = new KafkaTls(new NamedTls(Map.of("kafka", files)));
    private final Map<String, Object> client = new HashMap<>(Map.of("tls-configuration-name", "kafka"));
    private long nanos;
    private final KafkaTls.Engines engines = new KafkaTls.Engines(() -> nanos);

    @BeforeEach
    void completeClient() {
        tls.complete(client, client);
    }

    @Test
    void shouldMakeTheConnectionsOfAClientThatNamesATlsConfiguration() {
        // Then
        assertThat(new AdminClientConfig(with(client, "bootstrap.servers", "localhost:1"))
                .getClass(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG)).isEqualTo(KafkaTls.Engines.class);

        // Given
        Map<String, Object> careless = new HashMap<>();

        // When
        tls.complete(careless, careless);

        // Then
        assertThat(careless).isEmpty();
    }

    @Test
    void shouldBeginEachConnectionWithTheCertificatesThatAreThereByThen() {
        // Given
        engines.configure(client);
        engines.createClientSslEngine("a", 1, "https");
        assertThat(files.read).isZero();

        // When
        pass(Duration.ofMinutes(1));
        engines.createClientSslEngine("a", 1, "https");
        engines.createClientSslEngine("b", 1, "https");

        // Then
        assertThat(files.read).as("once for both").isEqualTo(1);
        assertThat(files.made).isEqualTo(2);
    }

    @Test
    void shouldGoOnWithTheCertificatesOfBeforeWhileTheFilesCannotBeRead() {
        // Given
        engines.configure(client);
        files.areIntact = false;

        // When
        pass(Duration.ofMinutes(1));

        // Then
        assertThat(engines.createClientSslEngine("a", 1, "https")).isNotNull();
        assertThat(files.made).isEqualTo(1);

        // When
        files.areIntact = true;
        pass(Duration.ofMinutes(1));
        engines.createClientSslEngine("a", 1, "https");

        // Then
        assertThat(files.made).isEqualTo(2);
    }

    /** Kafka gives the algorithm, which is https unless somebody has switched it off. */
    @Test
    void shouldCheckTheHostAndTakeTheProtocolsOfTheConfiguration() {
        // Given
        engines.configure(client);

        // When
        SSLEngine engine = engines.createClientSslEngine("a", 1, "https");

        // Then
        assertThat(engine.getUseClientMode()).isTrue();
        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("https");
        assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(AdminClientConfig.configDef().defaultValues())
                .containsEntry(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static Map<String, Object> with(Map<String, Object> properties, String name, Object value) {
        Map<String, Object> more = new HashMap<>(properties);
        more.put(name, value);
        return more;
    }

    private static final class Files extends NamedTls.Trivial {

        private int read;
        private int made;
        private boolean areIntact = true;

        Files() {
            super(new SSLOptions().setEnabledSecureTransportProtocols(new LinkedHashSet<>(List.of("TLSv1.3"))));
        }

        @Override
        public boolean reload() {
            read++;
            return areIntact;
        }

        @Override
        public KeyStore getTrustStore() {
            return null;
        }

        @Override
        public SSLContext createSSLContext() throws Exception {
            made++;
            return super.createSSLContext();
        }
    }
}
