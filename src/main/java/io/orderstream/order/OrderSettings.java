package io.orderstream.order;

import java.time.Duration;
import java.util.OptionalLong;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the Avro order pipeline: its topics, its generator and its simulated faults. */
@ConfigMapping(prefix = "orderstream.orders")
public interface OrderSettings {

    @Setting(env = "ORDERS_TOPIC", doc = "Topic the orders are written to and read from.", text = Kind.TOPIC)
    @WithDefault("orders")
    String topic();

    @Setting(env = "ORDERS_RETRY_TOPIC", doc = "Topic in which failed orders wait for their retry with RETRY_MODE=topic; it is read in either mode.", text = Kind.TOPIC)
    @WithDefault("orders-retry")
    String retryTopic();

    @Setting(env = "ORDERS_DLQ_TOPIC", doc = "Topic of the dead letters of orders.", text = Kind.TOPIC)
    @WithDefault("orders-dlq")
    String dlqTopic();

    @Setting(env = "ORDERS_INTERVAL", doc = "Time between two generated orders; with 0 they are made as fast as the broker confirms them.", min = "0ms", max = "1h")
    @WithDefault("1s")
    Duration interval();

    @Setting(env = "ORDERS_COUNT", doc = "Orders generated per start; 0 switches the generator off, unset never ends.", min = "0")
    OptionalLong count();

    @Setting(env = "ORDERS_ID_START", doc = "First of running order numbers; unset gives each order a UUID.", min = "0")
    OptionalLong idStart();

    @Setting(env = "ERROR_SIMULATION_RATE", doc = "Share of orders the simulated handler fails: half transient, half poison.", min = "0", max = "1")
    @WithDefault("0.1")
    double errorSimulationRate();
}
