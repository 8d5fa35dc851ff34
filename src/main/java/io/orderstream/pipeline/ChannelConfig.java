package io.orderstream.pipeline;

import java.util.function.Predicate;

import org.eclipse.microprofile.config.Config;

import io.orderstream.commit.TotalsCommitFactory;
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
        return new ChannelConfig(channel, text(config, channel, "topic"), text(config, channel, "group.id"),
                text(config, channel, "dead-letter-queue.topic"));
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

    private static String property(String channel, String attribute) {
        return "mp.messaging.incoming." + channel + "." + attribute;
    }
}
