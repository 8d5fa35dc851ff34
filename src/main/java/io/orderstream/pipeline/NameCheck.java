package io.orderstream.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.internals.Topic;
import org.eclipse.microprofile.config.Config;

import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.settings.InvalidSettingException;

/**
 * Refuses names of topics and groups that contradict each other, over all pipelines that are switched on.
 * <p>
 * A topic has one use. A pipeline that reads its own dead letters would never end with one; a topic that two pipelines read
 * would give each of them the records of the other, and a redriven record to both; a topic that keeps redrive jobs is
 * compacted. Only dead letters of several pipelines may have a topic in common, since each names its origin. Each consumer
 * has a group of its own: two of one group would fence each other as static members, and interrupt each other at each
 * rebalance.
 */
@ApplicationScoped
class NameCheck {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(?<property>orderstream\\.[a-z.-]+)}(?<more>.*)");
    private static final String GROUP_PROPERTY = "orderstream.pipeline.group-id";

    private final Config config;
    private final PipelineSettings settings;
    private final DeadLetterSettings deadLetters;
    private final KafkaSettings kafka;

    /** A name, and the setting or the property it is from. */
    private record Named(String setting, String name, boolean isOfDeadLetters) {
    }

    NameCheck(Config config, PipelineSettings settings, DeadLetterSettings deadLetters, KafkaSettings kafka) {
        this.config = config;
        this.settings = settings;
        this.deadLetters = deadLetters;
        this.kafka = kafka;
    }

    /** @throws InvalidSettingException naming two settings, the rule and their values */
    void check(List<RunningPipeline> running) {
        List<ChannelPipeline<?>> channels = running.stream().flatMap(RunningPipeline::channels).toList();
        requireDistinct("topic", Stream.concat(channels.stream().flatMap(this::topics), furtherTopics()).toList(),
                NameCheck::isSameTopic);
        requireDistinct("group", Stream.concat(channels.stream().map(channel -> named(channel, ChannelConfig.GROUP,
                channel.source().group(), false)), Stream.of(redriveGroup())).toList(),
                (one, other) -> one.name().equals(other.name()));
        if (running.stream().anyMatch(pipeline -> pipeline.sources().size() > 1)) {
            requireRetention();
        }
    }

    private Stream<Named> topics(ChannelPipeline<?> channel) {
        Source source = channel.source();
        return Stream.of(named(channel, ChannelConfig.TOPIC, source.topic(), false),
                named(channel, ChannelConfig.DEAD_LETTER_TOPIC, source.deadLetterTopic(), true));
    }

    private Stream<Named> furtherTopics() {
        Stream<Named> others = deadLetters.topics().stream().flatMap(List::stream).map(String::strip)
                .map(topic -> new Named("DLQ_TOPICS", topic, true));
        return Stream.concat(Stream.of(new Named("REDRIVE_TOPIC", deadLetters.redriveTopic(), false)), others);
    }

    private Named redriveGroup() {
        return new Named(setting("${" + GROUP_PROPERTY + "}" + DeadLetterSettings.REDRIVE_GROUP, GROUP_PROPERTY),
                settings.groupId() + DeadLetterSettings.REDRIVE_GROUP, false);
    }

    private Named named(ChannelPipeline<?> channel, String attribute, String name, boolean isOfDeadLetters) {
        String property = ChannelConfig.property(channel.channel(), attribute);
        return new Named(setting(config.getConfigValue(property).getRawValue(), property), name, isOfDeadLetters);
    }

    /** The setting a property refers to, with what follows it; else the property. */
    private String setting(String raw, String property) {
        Matcher expression = EXPRESSION.matcher(raw == null ? "" : raw);
        if (!expression.matches()) {
            return property;
        }
        Optional<String> env = config.getOptionalValue(expression.group("property") + "-env", String.class);
        String more = expression.group("more");
        return env.map(name -> more.isEmpty() ? name : name + " with '" + more + "'").orElse(property);
    }

    private static void requireDistinct(String what, List<Named> names, BiPredicate<Named, Named> isSame) {
        for (Named one : names) {
            IntStream.range(names.indexOf(one) + 1, names.size()).mapToObj(names::get)
                    .filter(other -> isSame.test(one, other)).findFirst().ifPresent(other -> {
                        throw new InvalidSettingException(sentence(what, one, other));
                    });
        }
    }

    private static String sentence(String what, Named one, Named other) {
        return one.name().equals(other.name())
                ? "%s must name another %s than %s, but both are '%s'.".formatted(other.setting(), what, one.setting(),
                        one.name())
                : "%s must differ from %s in more than '.' and '_', but they are '%s' and '%s'.".formatted(other.setting(),
                        one.setting(), other.name(), one.name());
    }

    /** A broker refuses to create a topic whose name differs from another only by a period that is an underscore there. */
    private static boolean isSameTopic(Named one, Named other) {
        return Topic.hasCollision(one.name(), other.name())
                && !(one.isOfDeadLetters() && other.isOfDeadLetters() && one.name().equals(other.name()));
    }

    /** A record that waits for its retry must still be there when it is due. */
    private void requireRetention() {
        RetryPolicy policy = RetryPolicy.of(settings, null, "any");
        if (!policy.isByTopic() || policy.maxRetries() == 0 || kafka.retention().isEmpty()) {
            return;
        }
        Duration longest = policy.backoff(policy.maxRetries());
        if (kafka.retention().get().compareTo(longest) <= 0) {
            throw new InvalidSettingException(
                    "TOPIC_RETENTION must be longer than the longest wait for a retry, since RETRY_MODE "
                            + "is 'topic', but is %d s, and MAX_RETRIES and RETRY_BACKOFF_SECONDS make that %d s.".formatted(
                                    kafka.retention().get().toSeconds(), longest.toSeconds()));
        }
    }
}
