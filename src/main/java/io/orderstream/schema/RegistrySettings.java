package io.orderstream.schema;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the schema registry's client. */
@ConfigMapping(prefix = "orderstream.registry")
public interface RegistrySettings {

    @Setting(env = "SCHEMA_REGISTRY_URL", doc = "Schema registry: http or https, with a path prefix if it has one. "
            + "Several, separated by commas, are tried in turn until one answers. Each may have user and password: "
            + "`https://user:password@host`, percent-encoded.", text = Kind.URLS)
    @WithDefault("http://localhost:8081")
    List<String> url();

    @Setting(env = "SCHEMA_REGISTRY_USER", doc = "User for basic authentication at the schema registry.", with = "SCHEMA_REGISTRY_PASSWORD")
    Optional<String> user();

    @Setting(env = "SCHEMA_REGISTRY_PASSWORD", doc = "Password for basic authentication at the schema registry.", with = "SCHEMA_REGISTRY_USER", secret = true)
    Optional<String> password();

    @Setting(env = "SCHEMA_REGISTRY_TOKEN", doc = "Bearer token for the schema registry, in place of user and password.", text = Kind.TOKEN, without = "SCHEMA_REGISTRY_USER", secret = true)
    Optional<String> token();

    @Setting(env = "SCHEMA_REGISTRY_TLS", doc = "Name of the TLS configuration (`quarkus.tls.<name>`) for a registry with https: whom it trusts, and the "
            + "certificate of this client. "
            + "Without it the default TLS configuration is used, if there is one.")
    Optional<String> tls();

    @Setting(env = "SCHEMA_REGISTRY_TIMEOUT", doc = "Longest wait for the answer of one registry url.", min = "100ms", max = "10m")
    @WithDefault("5s")
    Duration timeout();

    @Setting(env = "SCHEMA_UNKNOWN_AFTER", doc = "How long records wait for a schema whose id no registry url knows, before they become "
            + "dead letters. They wait longer while the registry may have lost schemas.", min = "0s", max = "1h")
    @WithDefault("30s")
    Duration unknownAfter();

    @Setting(env = "SCHEMA_AUTO_REGISTER", doc = "Register the order schema at start; "
            + "false: no orders are generated until it has been registered.")
    @WithDefault("true")
    boolean autoRegister();
}
