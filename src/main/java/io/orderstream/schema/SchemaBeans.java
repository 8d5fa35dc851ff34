package io.orderstream.schema;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.orderstream.deadletter.ValueReader;
import io.orderstream.settings.TlsSetting;
import io.orderstream.support.BoundedHttp;
import io.orderstream.support.BoundedHttp.Limits;
import io.orderstream.support.HttpCredentials;
import io.orderstream.support.LogText;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/** CDI producers of the schema registry's client and of what is built on it. */
@ApplicationScoped
public class SchemaBeans {

    private static final Logger LOG = Logger.getLogger(SchemaBeans.class);
    /** Those for schemas that records need, and some for what else is asked. */
    private static final int MOST_CONNECTIONS = Schemas.REQUESTS_MAX + 16;

    @Produces
    @Singleton
    RegistryAccess access(RegistrySettings settings) {
        RegistryAccess access = RegistryAccess.of(settings.url(),
                HttpCredentials.of(settings.user(), settings.password(), settings.token()), settings.timeout());
        access.exposed()
                .forEach(url -> LOG.warnf("credentials are sent in the clear, without https: url=%s", LogText.value(url)));
        return access;
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
        // A connection for each request: one that has to wait for another's would be late because of that.
        return new BoundedHttp(vertx, options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS),
                new Limits(access.timeout(), RegistryClient.LARGEST_ANSWER, RegistryClient.LARGEST_ANSWER));
    }

    void close(@Disposes RegistryClient client) {
        client.close();
    }

    /** Certificates that were renewed on disk are used without a restart. */
    void renewed(@Observes CertificateUpdatedEvent event, RegistryClient client, RegistrySettings settings) {
        if (tls(settings).isIn(event)) {
            client.renew(event.tlsConfiguration().getSSLOptions());
        }
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
        return new AnyValueReader(schemas, client::versionsOf, Infrastructure.getDefaultExecutor());
    }

    @Produces
    @Singleton
    SchemaRegistration registration(RegistryClient client, RegistrySettings settings) {
        return new SchemaRegistration(client, settings.autoRegister(), Duration.ofMillis(250), Duration.ofSeconds(5));
    }

    static Optional<TlsConfiguration> tlsConfiguration(RegistrySettings settings, TlsConfigurationRegistry tls) {
        return tls(settings).find(
                settings.url().stream().anyMatch(url -> url.strip().toLowerCase(Locale.ROOT).startsWith("https:")), tls);
    }

    private static TlsSetting tls(RegistrySettings settings) {
        return new TlsSetting("SCHEMA_REGISTRY_TLS", settings.tls(), "SCHEMA_REGISTRY_URL");
    }
}
