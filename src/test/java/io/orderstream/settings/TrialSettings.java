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

    @Setting(env = "TRIAL_LONGEST", doc = "Longest time between two.", min = "10ms", max = "2h", atLeast = "TRIAL_INTERVAL")
    @WithDefault("2h")
    Duration longest();

    @Setting(env = "TRIAL_USER", doc = "User.", with = "TRIAL_PASSWORD")
    Optional<String> user();

    @Setting(env = "TRIAL_PASSWORD", doc = "Password.", with = "TRIAL_USER")
    Optional<String> password();

    @Setting(env = "TRIAL_TOKEN", doc = "Token.", text = SettingRule.Kind.TOKEN, without = "TRIAL_USER", secret = true)
    Optional<String> token();

    @Setting(env = "TRIAL_GROUP", doc = "Group.", text = SettingRule.Kind.GROUP)
    Optional<String> group();

    @Setting(env = "TRIAL_HEADERS", doc = "Headers.", text = SettingRule.Kind.ENTRIES)
    Optional<String> headers();

    @Setting(env = "TRIAL_HOSTS", doc = "Hosts.", text = SettingRule.Kind.HOSTS)
    Optional<List<String>> hosts();

    @Setting(env = "TRIAL_MEMBER", doc = "Member.", text = SettingRule.Kind.MEMBER)
    Optional<String> member();

    @Setting(env = "TRIAL_SERVERS", doc = "Servers.", text = SettingRule.Kind.SERVERS)
    Optional<String> servers();

    @Setting(env = "TRIAL_TOPIC", doc = "Topic.", text = SettingRule.Kind.TOPIC)
    Optional<String> topic();

    @Setting(env = "TRIAL_TOPICS", doc = "Topics.", text = SettingRule.Kind.TOPICS)
    Optional<List<String>> topics();

    @Setting(env = "TRIAL_URLS", doc = "Where to, in turn.", text = SettingRule.Kind.URLS)
    Optional<List<String>> urls();

    /** Not for people: it has no {@link Setting}. */
    @WithDefault("secret")
    String internal();
}
