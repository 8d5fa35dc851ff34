package io.orderstream.tracker;

import java.time.Duration;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the order tracker: its topics, its generator and its simulated faults. */
@ConfigMapping(prefix = "orderstream.tracker")
public interface TrackerSettings {

    @Setting(env = "TRACKER_ENABLED", doc = "Whether item orders are consumed and accepted.")
    @WithDefault("true")
    boolean enabled();

    @Setting(env = "ITEM_ORDERS_TOPIC", doc = "Topic the item orders are written to and read from.", text = Kind.TOPIC)
    @WithDefault("item-orders")
    String topic();

    @Setting(env = "ITEM_ORDERS_DLQ_TOPIC", doc = "Topic of the dead letters of item orders.", text = Kind.TOPIC)
    @WithDefault("item-orders-dlq")
    String dlqTopic();

    @Setting(env = "TRACKER_GROUP_ID", doc = "Consumer group of the order tracker.", text = Kind.GROUP)
    @WithDefault("order-tracker")
    String groupId();

    @Setting(env = "ITEM_ORDERS_INTERVAL", doc = "Time between two generated item orders.", min = "1ms", max = "1h")
    @WithDefault("1s")
    Duration interval();

    @Setting(env = "ITEM_ORDERS_COUNT", doc = "Item orders generated per start; 0 switches the generator off, as it is outside of dev mode.", min = "0")
    @WithDefault("0")
    long count();

    @Setting(env = "TRACKER_ERROR_RATE", doc = "Share of item orders the simulated handler fails: half transient, half poison; 0.1 in dev mode.", min = "0", max = "1")
    @WithDefault("0")
    double errorRate();
}
