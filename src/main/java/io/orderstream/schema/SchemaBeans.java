package io.orderstream.schema;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.orderstream.deadletter.ValueReader;
import io.orderstream.schema.RegistryAccess.Credentials;
import io.orderstream.settings.InvalidSettingException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;

/** CDI producers of the schema registry's client and of what is built on it. */
@ApplicationScoped
public class SchemaBeans {

    @Produces
    @Singleton
    RegistryClient registryClient(Vertx vertx, RegistrySettings settings, TlsConfigurationRegistry tls) {
        WebClientOptions options = new WebClientOptions().setUserAgent("orderstream");
        tlsConfiguration(settings, tls).ifPresent(configuration -> TlsConfigUtils.configure(options, configuration));
        return new RegistryClient(WebClient.create(vertx, options), access(settings));
    }

    void close(@Disposes RegistryClient client) {
        client.close();
    }

    @Produces
    @Singleton
    Schemas schemas(RegistryClient client) {
        return new Schemas(client::schemaById, System::nanoTime);
    }

    @Produces
    @Singleton
    ValueReader valueReader(Schemas schemas, RegistryClient client) {
        return new AnyValueReader(schemas, client::versionsOf);
    }

    @Produces
    @Singleton
    SchemaRegistration registration(RegistryClient client, RegistrySettings settings) {
        return new SchemaRegistration(client, settings.autoRegister(), Duration.ofMillis(250), Duration.ofSeconds(5));
    }

    static RegistryAccess access(RegistrySettings settings) {
        Optional<Credentials> credentials = settings.user()
                .map(user -> new Credentials(user, settings.password().orElseThrow()));
        return new RegistryAccess(settings.url(), credentials, settings.timeout());
    }

    static Optional<TlsConfiguration> tlsConfiguration(RegistrySettings settings, TlsConfigurationRegistry tls) {
        if (settings.tls().isEmpty()) {
            return tls.getDefault();
        }
        String name = settings.tls().get();
        if (settings.url().stream().noneMatch(url -> url.strip().toLowerCase(Locale.ROOT).startsWith("https:"))) {
            throw new InvalidSettingException(
                    "SCHEMA_REGISTRY_URL must have an https url, since SCHEMA_REGISTRY_TLS is '" + name
                            + "', but has http urls only.");
        }
        return Optional.of(tls.get(name).orElseThrow(() -> new InvalidSettingException(
                "SCHEMA_REGISTRY_TLS must name a TLS configuration (quarkus.tls.<name>), but there is no '" + name + "'.")));
    }
}
