package io.orderstream.event;

import java.time.Duration;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the event pipeline: its topics, its generator and its simulated faults. */
@ConfigMapping(prefix = "orderstream.events")
public interface EventSettings {

    @Setting(env = "EVENTS_ENABLED", doc = "Whether events are consumed and accepted.")
    @WithDefault("true")
    boolean enabled();

    @Setting(env = "EVENTS_TOPIC", doc = "Topic the events are written to and read from.", text = Kind.TOPIC)
    @WithDefault("events")
    String topic();

    @Setting(env = "EVENTS_DLQ_TOPIC", doc = "Topic of the dead letters of events.", text = Kind.TOPIC)
    @WithDefault("events-dlq")
    String dlqTopic();

    @Setting(env = "EVENTS_GROUP_ID", doc = "Consumer group of the event pipeline.", text = Kind.GROUP)
    @WithDefault("event-processor-group")
    String groupId();

    @Setting(env = "EVENTS_INTERVAL", doc = "Time between two generated events.", min = "1ms", max = "1h")
    @WithDefault("1s")
    Duration interval();

    @Setting(env = "EVENTS_COUNT", doc = "Events generated per start; 0 switches the generator off, as it is outside of dev mode.", min = "0")
    @WithDefault("0")
    long count();

    @Setting(env = "EVENTS_ERROR_RATE", doc = "Share of events the simulated handlers fail: half transient, half poison; 0.1 in dev mode.", min = "0", max = "1")
    @WithDefault("0")
    double errorRate();
}
