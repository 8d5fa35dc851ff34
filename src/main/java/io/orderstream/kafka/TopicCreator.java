package io.orderstream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.support.Lifecycle;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;

/**
 * Creates missing topics at startup. Existing topics are not changed; one with too few partitions is logged.
 * <p>
 * Retries in the background (backoff 250 ms to 5 s), so the application can start before the broker.
 */
@ApplicationScoped
public class TopicCreator {

    private static final Logger LOG = Logger.getLogger(TopicCreator.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
    // Usually long enough for topics to exist before consumers subscribe, which would otherwise find them only later.
    private static final Duration LONGEST_STARTUP_DELAY = Duration.ofSeconds(5);

    private final Admin admin;
    private final KafkaSettings settings;
    private final Uni<Void> ready;
    private volatile boolean stopped;
    private volatile String waitingFor = "topics have not been looked at yet";

    TopicCreator(Admin admin, KafkaSettings settings, @All List<RequiredTopics> required) {
        this.admin = admin;
        this.settings = settings;
        List<Topic> topics = required.stream().flatMap(group -> group.topics().stream()).toList();
        this.ready = Uni.join().all(topics.stream().map(this::ensure).toList()).andFailFast().replaceWithVoid()
                .onFailure().invoke(this::waits)
                .onFailure(failure -> !stopped).retry().withBackOff(FIRST_BACKOFF, LONGEST_BACKOFF).indefinitely()
                .invoke(() -> waitingFor = null)
                .memoize().indefinitely();
    }

    /** Starts before the channels, and blocks for up to 5 s until the topics exist. */
    void start(@Observes @Priority(Lifecycle.Start.TOPICS) StartupEvent event) {
        try {
            ready.await().atMost(LONGEST_STARTUP_DELAY);
        } catch (TimeoutException e) {
            LOG.warnf("starting without the broker: servers=%s", settings.bootstrapServers());
        }
    }

    /** Ends the retries, which in dev mode would outlive a live reload. */
    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** Completes when all topics exist; fails only if the application stops before. */
    public Uni<Void> ready() {
        return ready;
    }

    /** What the creation waits for, null if all topics exist. Thread safe. */
    public String waitingFor() {
        return waitingFor;
    }

    private void waits(Throwable failure) {
        String sentence = "the broker at %s: topics cannot be created yet: %s".formatted(settings.bootstrapServers(),
                failure.getMessage());
        if (!sentence.equals(waitingFor)) {
            waitingFor = sentence;
            LOG.warnf("waiting for the broker: servers=%s reason=\"%s\"", settings.bootstrapServers(), failure.getMessage());
        }
    }

    private Uni<Void> ensure(Topic topic) {
        NewTopic missing = new NewTopic(topic.name(), Optional.of(partitions(topic)),
                settings.replication().isPresent() ? Optional.of((short) settings.replication().getAsInt()) : Optional.empty())
                .configs(configs(topic));
        return Uni.createFrom().completionStage(() -> admin.createTopics(List.of(missing)).all().toCompletionStage())
                .invoke(() -> LOG.infof("topic created: topic=%s partitions=%d", topic.name(), partitions(topic)))
                .onFailure(TopicExistsException.class).recoverWithUni(() -> compare(topic));
    }

    private int partitions(Topic topic) {
        return topic.purpose() == Purpose.STATE ? 1 : settings.partitions();
    }

    private Map<String, String> configs(Topic topic) {
        String largest = Integer.toString(KafkaClients.LARGEST_RECORD_BYTES);
        return switch (topic.purpose()) {
            case RECORDS -> settings.retention()
                    .map(time -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis()))).orElse(Map.of());
            case DEAD_LETTERS -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.dlqRetention().toMillis()),
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
            case STATE -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
        };
    }

    private Uni<Void> compare(Topic topic) {
        return Uni.createFrom()
                .completionStage(() -> admin.describeTopics(List.of(topic.name())).allTopicNames().toCompletionStage())
                .invoke(found -> report(found.get(topic.name()), partitions(topic)))
                .replaceWithVoid();
    }

    private static void report(TopicDescription existing, int expected) {
        int partitions = existing.partitions().size();
        if (partitions < expected) {
            LOG.warnf("topic has fewer partitions than TOPIC_PARTITIONS, left as it is: topic=%s partitions=%d set=%d",
                    existing.name(), partitions, expected);
        }
    }
}
