package io.orderstream.testsupport;

import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.net.SSLOptions;

/** TLS configurations by their names, for tests without Quarkus. */
public record NamedTls(Map<String, TlsConfiguration> configurations) implements TlsConfigurationRegistry {

    /** None at all. */
    public static final NamedTls NONE = new NamedTls(Map.of());

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
    public static class Trivial extends BaseTlsConfiguration {

        private final SSLOptions options;

        public Trivial() {
            this(new SSLOptions());
        }

        public Trivial(SSLOptions options) {
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
