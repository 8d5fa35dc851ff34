package io.orderstream.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the Kafka clients, and of topics created at startup. */
@ConfigMapping(prefix = "orderstream.kafka")
public interface KafkaSettings {

    @Setting(env = "KAFKA_BOOTSTRAP_SERVERS", doc = "Brokers to connect to, host:port, separated by commas; dev mode without it starts its own.", text = Kind.SERVERS)
    @WithDefault("localhost:9092")
    String bootstrapServers();

    @Setting(env = "TOPIC_PARTITIONS", doc = "Partitions of a topic that is created at the start.", min = "1", max = "10000")
    @WithDefault("6")
    int partitions();

    @Setting(env = "TOPIC_REPLICATION", doc = "Replicas of a topic that is created at the start; unset leaves it to the broker.", min = "1", max = "100")
    OptionalInt replication();

    @Setting(env = "TOPIC_RETENTION", doc = "Retention of a topic that is created at the start, dead letters excepted; unset leaves it to the broker.", min = "1m", max = "36500d")
    Optional<Duration> retention();

    @Setting(env = "DLQ_RETENTION", doc = "Retention of a dead-letter topic that is created at the start.", min = "1m", max = "36500d")
    @WithDefault("7d")
    Duration dlqRetention();

    @Setting(env = "GROUP_INSTANCE_ID", doc = "Static member name of this instance in its consumer groups, unique among replicas; unset makes it a dynamic member.", text = Kind.MEMBER)
    Optional<String> groupInstanceId();

    @Setting(env = "DELIVERY_TIMEOUT", doc = "Time one try of writing an order may take; after three an order is spooled.", min = "1s", max = "10m")
    @WithDefault("30s")
    Duration deliveryTimeout();
}
