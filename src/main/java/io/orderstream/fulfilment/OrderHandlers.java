package io.orderstream.fulfilment;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executor;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

import org.jboss.logging.Logger;

import io.orderstream.order.OrderHandler;
import io.orderstream.order.OrderSettings;
import io.orderstream.order.SimulatedOrderHandler;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.TlsSetting;
import io.orderstream.support.HttpCredentials;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.LogText;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** CDI producer of the default {@link OrderHandler}; any other bean of that type replaces it. */
@ApplicationScoped
public class OrderHandlers {

    private static final Logger LOG = Logger.getLogger(OrderHandlers.class);

    private final FulfilmentSettings settings;
    private final TlsConfigurationRegistry tls;
    private final TlsSetting tlsSetting;
    /** The handler that calls an endpoint, null if there is none, or none yet. */
    private volatile FulfilmentOrderHandler calling;

    OrderHandlers(FulfilmentSettings settings, TlsConfigurationRegistry tls) {
        this.settings = settings;
        this.tls = tls;
        this.tlsSetting = new TlsSetting("FULFILMENT_TLS", settings.tls(), "FULFILMENT_URL");
    }

    /** The handler itself is made for the first order, which is too late to say that settings contradict each other. */
    void start(@Observes @Priority(Lifecycle.Start.CONTRADICTIONS) StartupEvent event) {
        settings.url().ifPresent(this::check);
    }

    /** @throws InvalidSettingException if there is no such TLS configuration, or the url has no use for it */
    void check(URI url) {
        tlsConfiguration(url);
        boolean hasCredentials = settings.user().isPresent() || settings.token().isPresent();
        if (hasCredentials && HttpCredentials.areReadableOnTheWayTo(url)) {
            LOG.warnf("credentials are sent in the clear, without https: url=%s", LogText.value(url.toString()));
        }
    }

    private Optional<TlsConfiguration> tlsConfiguration(URI url) {
        return tlsSetting.find(url.getScheme().equals("https"), tls);
    }

    @Produces
    @DefaultBean
    @ApplicationScoped
    OrderHandler handler(OrderSettings orders, Vertx vertx) {
        if (settings.url().isEmpty()) {
            return new SimulatedOrderHandler(orders);
        }
        calling = new FulfilmentOrderHandler(vertx, settings, tlsConfiguration(settings.url().get()), () -> here(vertx));
        return calling;
    }

    /** Certificates that were renewed on disk are used without a restart. */
    void renewed(@Observes CertificateUpdatedEvent event) {
        FulfilmentOrderHandler handler = calling;
        if (handler != null && tlsSetting.isIn(event)) {
            handler.renew(event.tlsConfiguration().getSSLOptions());
        }
    }

    /** An executor on the current Vert.x context: its locals (trace, correlation) belong to the call. */
    private static Executor here(Vertx vertx) {
        Context here = vertx.getOrCreateContext();
        return task -> here.runOnContext(ignored -> task.run());
    }

    /** Runs after the shutdown event, during which the pipeline waits for calls in progress. */
    void close(@Disposes OrderHandler handler) {
        if (handler instanceof FulfilmentOrderHandler connected) {
            connected.close();
        }
    }
}
