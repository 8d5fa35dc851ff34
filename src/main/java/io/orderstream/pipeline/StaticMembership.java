package io.orderstream.pipeline;

import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

import io.smallrye.reactive.messaging.ClientCustomizer;

/**
 * Makes consumers static members of their groups where {@code GROUP_INSTANCE_ID} is set: an instance that comes back under its
 * name gets its partitions back without a rebalance. A property could not do it: Kafka takes none, or one that is not empty.
 */
@ApplicationScoped
public class StaticMembership implements ClientCustomizer<Map<String, Object>> {

    private final PipelineSettings settings;

    StaticMembership(PipelineSettings settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> client) {
        if (client.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
            settings.groupInstanceId().ifPresent(name -> client.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        }
        return client;
    }
}
