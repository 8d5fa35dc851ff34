package io.orderstream.kafka;

import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jboss.logging.Logger;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;

/**
 * Gives every Kafka client the certificates of the TLS configuration that {@code KAFKA_TLS_CONFIGURATION_NAME} names. Quarkus'
 * own way reads them once for each client, so that a client which runs on would go on with a certificate that has expired.
 * Thread safe.
 */
@ApplicationScoped
public class KafkaTls {

    /** The property of Quarkus', for all clients or for those of a channel, which names a TLS configuration. */
    static final String NAME = "tls-configuration-name";
    /** Under it a client has its TLS configuration itself, as Kafka makes the factory of its connections. */
    private static final String CONFIGURATION = "orderstream.tls-configuration";

    private final TlsConfigurationRegistry registry;

    KafkaTls(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    /** The TLS configuration that the properties of a client name; empty if they name none, or there is none of that name. */
    Optional<TlsConfiguration> named(Map<String, Object> client) {
        return Optional.ofNullable(client.get(NAME)).flatMap(name -> registry.get(name.toString()));
    }

    /**
     * Completes the properties of a client that is about to be made, if there is a TLS configuration for it.
     *
     * @param configured what may name one
     */
    void complete(Map<String, Object> configured, Map<String, Object> client) {
        named(configured).ifPresent(tls -> {
            client.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, Engines.class);
            client.put(CONFIGURATION, tls);
        });
    }

    /**
     * Begins the connections of one client, with the certificates that are in the files by then. Kafka makes one for each
     * client, and calls it on the client's own thread.
     */
    @RegisterForReflection
    public static final class Engines implements SslEngineFactory {

        private static final Logger LOG = Logger.getLogger(KafkaTls.class);
        /** A client that is refused tries again several times a second, and need not read the files each time. */
        private static final Duration FRESH = Duration.ofSeconds(5);

        private final LongSupplier nanoTime;
        private TlsConfiguration tls;
        private SSLContext context;
        private long readNanos;
        private boolean cannotRead;

        /** Called by Kafka. */
        public Engines() {
            this(System::nanoTime);
        }

        Engines(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public void configure(Map<String, ?> client) {
            tls = (TlsConfiguration) client.get(CONFIGURATION);
            try {
                context = tls.createSSLContext();
            } catch (Exception e) {
                throw new KafkaException("the TLS configuration of kafka." + NAME + " cannot be used", e);
            }
            readNanos = nanoTime.getAsLong();
        }

        @Override
        public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
            refresh();
            SSLEngine engine = context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
            Set<String> protocols = tls.getSSLOptions().getEnabledSecureTransportProtocols();
            parameters.setProtocols(protocols.toArray(String[]::new));
            Set<String> suites = tls.getSSLOptions().getEnabledCipherSuites();
            if (!suites.isEmpty()) {
                parameters.setCipherSuites(suites.toArray(String[]::new));
            }
            engine.setSSLParameters(parameters);
            return engine;
        }

        /** What cannot be read now, such as a key that is just being written, leaves the certificates as they are. */
        private void refresh() {
            if (nanoTime.getAsLong() - readNanos < FRESH.toNanos()) {
                return;
            }
            readNanos = nanoTime.getAsLong();
            boolean isRead = false;
            try {
                isRead = tls.reload();
                if (isRead) {
                    context = tls.createSSLContext();
                }
            } catch (Exception e) {
                isRead = false;
            }
            boolean isNew = !isRead && !cannotRead && (tls.getKeyStore() != null || tls.getTrustStore() != null);
            cannotRead = !isRead;
            if (isNew) {
                LOG.warnf("certificates cannot be read again, those of before are used: property=kafka.%s", NAME);
            }
        }

        @Override
        public SSLEngine createServerSslEngine(String host, int port) {
            throw new UnsupportedOperationException("a client serves nobody");
        }

        @Override
        public boolean shouldBeRebuilt(Map<String, Object> next) {
            return false;
        }

        @Override
        public Set<String> reconfigurableConfigs() {
            return Set.of();
        }

        @Override
        public KeyStore keystore() {
            return tls.getKeyStore();
        }

        @Override
        public KeyStore truststore() {
            return tls.getTrustStore();
        }

        @Override
        public void close() {
            // Holds nothing that has to be closed.
        }
    }
}
