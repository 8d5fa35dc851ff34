package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

class ChannelConfigTest {

    private static final String CHANNEL = "mp.messaging.incoming.payments-in.";

    private final Map<String, String> properties = new HashMap<>(Map.of(CHANNEL + "connector", "smallrye-kafka",
            CHANNEL + "topic", "payments", CHANNEL + "group.id", "payments-group", CHANNEL + "failure-strategy",
            "dead-letter-queue", CHANNEL + "dead-letter-queue.topic", "payments-dlq",
            "mp.messaging.connector.smallrye-kafka.commit-strategy", "totals"));

    private Config config() {
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 100)).build();
    }

    private ChannelConfig read() {
        return ChannelConfig.read(config(), "payments-in", "dead-letter-queue");
    }

    @Test
    void shouldReadWhatAPipelineNeedsToKnowOfItsChannel() {
        assertThat(read()).isEqualTo(new ChannelConfig("payments-in", "payments", "payments-group", "payments-dlq"));
        assertThat(ChannelConfig.isConfigured(config(), "payments-in")).isTrue();
        assertThat(ChannelConfig.isConfigured(config(), "payments-retry-in")).isFalse();
    }

    @Test
    void shouldBeSwitchedOffByItsChannel() {
        assertThat(ChannelConfig.isEnabled(config(), "payments-in")).isTrue();
        properties.put(CHANNEL + "enabled", "false");
        assertThat(ChannelConfig.isEnabled(config(), "payments-in")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
            "connector|none|mp.messaging.incoming.payments-in.connector must be smallrye-kafka, but is ''.",
            "topic|none|mp.messaging.incoming.payments-in.topic must be set: the pipeline reads this channel, but is ''.",
            "group.id|none|mp.messaging.incoming.payments-in.group.id must be set: the pipeline reads this channel, but is ''.",
            "failure-strategy|ignore|mp.messaging.incoming.payments-in.failure-strategy must be dead-letter-queue, but is 'ignore'.",
            "dead-letter-queue.topic|none|mp.messaging.incoming.payments-in.dead-letter-queue.topic must be set: the pipeline reads this channel, but is ''.",
            "topic|pay ments|mp.messaging.incoming.payments-in.topic must be the name of a topic, up to 249 letters, digits, '.', '_' and '-', but is 'pay ments'.",
            "dead-letter-queue.topic|..|mp.messaging.incoming.payments-in.dead-letter-queue.topic must be the name of a topic, up to 249 letters, digits, '.', '_' and '-', but is '..'.",
            "topics|a,b|mp.messaging.incoming.payments-in.topics must be unset: the pipeline reads one topic with one consumer, but is 'a,b'.",
            "pattern|true|mp.messaging.incoming.payments-in.pattern must be unset: the pipeline reads one topic with one consumer, but is 'true'.",
            "concurrency|2|mp.messaging.incoming.payments-in.concurrency must be unset: the pipeline reads one topic with one consumer, but is '2'.",
            "partitions|6|mp.messaging.incoming.payments-in.partitions must be unset: the pipeline reads one topic with one consumer, but is '6'.",
            "commit-strategy|throttled|mp.messaging.incoming.payments-in.commit-strategy must be totals, but is 'throttled'." })
    void shouldSayWhichPropertyIsMissingOrWrong(String attribute, String value, String sentence) {
        // Given
        properties.remove(CHANNEL + attribute);
        if (value != null) {
            properties.put(CHANNEL + attribute, value);
        }

        // Then
        assertThatThrownBy(this::read).isInstanceOf(ConfigurationException.class).hasMessage(sentence);
    }
}
