package io.orderstream.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** A mapping with a setting of each kind, for the tests of what reads such mappings. */
@ConfigMapping(prefix = "orderstream.trial")
interface TrialSettings {

    /** What a switch between several ways looks like. */
    enum Mode {
        IN_PLACE,
        TOPIC
    }

    @Setting(env = "TRIAL_ATTEMPTS", doc = "Attempts.", min = "1", max = "20")
    @WithDefault("3")
    int attempts();

    @Setting(env = "TRIAL_COUNT", doc = "Orders; unset | never ends.", min = "0")
    OptionalLong count();

    @Setting(env = "TRIAL_RATE", doc = "Share.", min = "0", max = "1")
    @WithDefault("0.1")
    double rate();

    @Setting(env = "TRIAL_INTERVAL", doc = "Time between two.", min = "10ms", max = "1h")
    @WithDefault("1s")
    Duration interval();

    @Setting(env = "TRIAL_RETENTION", doc = "Time kept.", max = "30d")
    Optional<Duration> retention();

    @Setting(env = "TRIAL_BACKOFF_SECONDS", doc = "Seconds before the first retry.", min = "0", max = "60")
    @WithDefault("1.5")
    double backoffSeconds();

    @Setting(env = "TRIAL_ENABLED", doc = "Whether to.")
    @WithDefault("true")
    boolean enabled();

    @Setting(env = "TRIAL_MODE", doc = "How to retry.")
    @WithDefault("in-place")
    Mode mode();

    @Setting(env = "TRIAL_PROTOCOL", doc = "Protocol.", choices = { "grpc", "http/protobuf" })
    @WithDefault("grpc")
    String protocol();

    @Setting(env = "TRIAL_NAMES", doc = "Names.")
    @WithDefault("a|b")
    List<String> names();

    @Setting(env = "TRIAL_URL", doc = "Where to.")
    Optional<URI> url();

    /** Not for people: it has no {@link Setting}. */
    @WithDefault("secret")
    String internal();
}
