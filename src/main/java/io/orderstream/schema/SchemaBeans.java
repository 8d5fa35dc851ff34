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
import io.orderstream.support.BoundedHttp;
import io.orderstream.support.BoundedHttp.Limits;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/** CDI producers of the schema registry's client and of what is built on it. */
@ApplicationScoped
public class SchemaBeans {

    @Produces
    @Singleton
    RegistryAccess access(RegistrySettings settings) {
        Optional<Credentials> credentials = settings.user()
                .map(user -> new Credentials(user, settings.password().orElseThrow()));
        return RegistryAccess.of(settings.url(), credentials, settings.timeout());
    }

    @Produces
    @Singleton
    RegistryClient registryClient(Vertx vertx, RegistryAccess access, RegistrySettings settings, TlsConfigurationRegistry tls) {
        HttpClientOptions options = new HttpClientOptions();
        tlsConfiguration(settings, tls).ifPresent(configuration -> TlsConfigUtils.configure(options, configuration));
        return new RegistryClient(http(vertx, options, access), access);
    }

    /** A client for a registry with this access. */
    static BoundedHttp http(Vertx vertx, HttpClientOptions options, RegistryAccess access) {
        options.setConnectTimeout((int) Math.min(access.timeout().toMillis(), Integer.MAX_VALUE));
        return new BoundedHttp(vertx, options, new PoolOptions(),
                new Limits(access.timeout(), RegistryClient.LARGEST_ANSWER, RegistryClient.LARGEST_ANSWER));
    }

    void close(@Disposes RegistryClient client) {
        client.close();
    }

    @Produces
    @Singleton
    Schemas schemas(RegistryClient client, RegistrySettings settings) {
        return new Schemas(client::schemaById,
                new RegistryContent(client::confirm, client::confirmAnySubject, System::nanoTime),
                settings.unknownAfter(), System::nanoTime);
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
