package io.orderstream.kafka;

import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.net.SSLOptions;

/** TLS configurations by their names, for tests without Quarkus. */
record NamedTls(Map<String, TlsConfiguration> configurations) implements TlsConfigurationRegistry {

    /** Of clients that name none. */
    static final KafkaTls NONE = new KafkaTls(new NamedTls(Map.of()));

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

    /** Trusts whom the JVM trusts. */
    static class Trivial extends BaseTlsConfiguration {

        private final SSLOptions options;

        Trivial() {
            this(new SSLOptions());
        }

        Trivial(SSLOptions options) {
            this.options = options;
        }

        @Override
        public SSLContext createSSLContext() throws Exception {
            return SSLContext.getDefault();
        }

        @Override
        public SSLOptions getSSLOptions() {
            return options;
        }
    }
}
