package io.orderstream.fulfilment;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the handler that sends each order to an HTTP endpoint. */
@ConfigMapping(prefix = "orderstream.fulfilment")
public interface FulfilmentSettings {

    @Setting(env = "FULFILMENT_URL", doc = "HTTP endpoint each order is posted to; unset simulates the handling of orders.")
    Optional<URI> url();

    @Setting(env = "FULFILMENT_TIMEOUT", doc = "Longest wait for a connection to the endpoint, and then for its answer.", min = "10ms", max = "10m")
    @WithDefault("5s")
    Duration timeout();

    @Setting(env = "FULFILMENT_CONNECTIONS", doc = "Calls of the endpoint under way at a time, each over a connection of its own; further ones wait for their turn.", min = "1", max = "10000")
    @WithDefault("200")
    int connections();
}
