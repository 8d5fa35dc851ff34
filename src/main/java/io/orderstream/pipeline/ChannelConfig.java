package io.orderstream.pipeline;

import java.util.Map;
import java.util.function.Predicate;

import org.eclipse.microprofile.config.Config;

import io.orderstream.commit.TotalsCommitFactory;
import io.orderstream.settings.SettingTexts;
import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * What the configuration says of a channel that a pipeline reads.
 *
 * @param channel name of the channel
 * @param topic the topic it reads
 * @param group the consumer group in which it does
 * @param deadLetterTopic where its dead letters are written
 */
record ChannelConfig(String channel, String topic, String group, String deadLetterTopic) {

    static final String TOPIC = "topic";
    static final String GROUP = "group.id";
    static final String DEAD_LETTER_TOPIC = "dead-letter-queue.topic";

    /** Attributes with which a channel reads other topics, or with several consumers; and a value with which it does not. */
    private static final Map<String, String> SEVERAL = Map.of("topics", "", "pattern", "false", "assign-seek", "",
            "partitions", "1", "concurrency", "1");

    /** Whether there is such a channel. */
    static boolean isConfigured(Config config, String channel) {
        return config.getOptionalValue(property(channel, "connector"), String.class).isPresent();
    }

    /** Whether the channel is switched on. */
    static boolean isEnabled(Config config, String channel) {
        return config.getOptionalValue(property(channel, "enabled"), Boolean.class).orElse(true);
    }

    /**
     * Reads what a pipeline needs to know of a channel.
     *
     * @param strategy the failure strategy it must have
     * @throws ConfigurationException naming the property that is missing or has another value
     */
    static ChannelConfig read(Config config, String channel, String strategy) {
        require(config, property(channel, "connector"), "smallrye-kafka"::equals, "smallrye-kafka");
        require(config, property(channel, "failure-strategy"), strategy::equals, strategy);
        String connector = "mp.messaging.connector.smallrye-kafka.commit-strategy";
        require(config, config.getOptionalValue(property(channel, "commit-strategy"), String.class).isPresent()
                ? property(channel, "commit-strategy")
                : connector, TotalsCommitFactory.STRATEGY::equals, TotalsCommitFactory.STRATEGY);
        SEVERAL.forEach((attribute, one) -> require(config, property(channel, attribute),
                value -> value.isEmpty() || value.equals(one), "unset: the pipeline reads one topic with one consumer"));
        return new ChannelConfig(channel, topic(config, channel, TOPIC), text(config, channel, GROUP),
                topic(config, channel, DEAD_LETTER_TOPIC));
    }

    private static String topic(Config config, String channel, String attribute) {
        text(config, channel, attribute);
        return require(config, property(channel, attribute), SettingTexts::isTopic,
                "the name of a topic, up to 249 letters, digits, '.', '_' and '-'");
    }

    private static String text(Config config, String channel, String attribute) {
        return require(config, property(channel, attribute), text -> !text.isBlank(), "set: the pipeline reads this channel");
    }

    private static String require(Config config, String property, Predicate<String> rule, String expected) {
        String value = config.getOptionalValue(property, String.class).orElse("");
        if (!rule.test(value)) {
            throw new ConfigurationException(property + " must be " + expected + ", but is '" + value + "'.");
        }
        return value;
    }

    /** The name of an attribute of a channel in the configuration. */
    static String property(String channel, String attribute) {
        return "mp.messaging.incoming." + channel + "." + attribute;
    }
}
