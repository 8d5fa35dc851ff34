package io.orderstream.fulfilment;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the handler that sends each order to an HTTP endpoint. */
@ConfigMapping(prefix = "orderstream.fulfilment")
public interface FulfilmentSettings {

    @Setting(env = "FULFILMENT_URL", doc = "HTTP endpoint each order is posted to; unset simulates the handling of orders.")
    Optional<URI> url();

    @Setting(env = "FULFILMENT_USER", doc = "User for basic authentication at the endpoint.", with = "FULFILMENT_PASSWORD")
    Optional<String> user();

    @Setting(env = "FULFILMENT_PASSWORD", doc = "Password for basic authentication at the endpoint.", with = "FULFILMENT_USER", secret = true)
    Optional<String> password();

    @Setting(env = "FULFILMENT_TOKEN", doc = "Bearer token for the endpoint, in place of user and password.", text = Kind.TOKEN, without = "FULFILMENT_USER", secret = true)
    Optional<String> token();

    @Setting(env = "FULFILMENT_TLS", doc = "Name of the TLS configuration (`quarkus.tls.<name>`) for an endpoint with https: whom it trusts, and "
            + "the certificate of this client. Without it the default TLS configuration is used, if there is one.")
    Optional<String> tls();

    @Setting(env = "FULFILMENT_TIMEOUT", doc = "Longest wait for a connection to the endpoint, and then for its answer.", min = "10ms", max = "10m")
    @WithDefault("5s")
    Duration timeout();

    @Setting(env = "FULFILMENT_CONNECTIONS", doc = "Calls of the endpoint under way at a time, each over a connection of its own; further ones wait for their turn.", min = "1", max = "10000")
    @WithDefault("200")
    int connections();
}
