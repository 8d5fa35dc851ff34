package io.orderstream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.LogText;
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
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int LOOKS = 6;
    /** Smallest limit of a topic that this creates for dead letters or for states. */
    public static final int ROOM_BYTES = 4 * 1024 * 1024;
    /** What the headers of a dead letter may add to a record: far more than they are. */
    private static final int HEADERS_BYTES = 64 * 1024;

    private final Admin admin;
    private final KafkaSettings settings;
    private final BrokerRefusals refusals;
    private final Uni<Void> ready;
    private volatile boolean stopped;
    private volatile String waitingFor = "topics have not been looked at yet";

    TopicCreator(Admin admin, KafkaSettings settings, BrokerRefusals refusals, @All List<RequiredTopics> required) {
        this.admin = admin;
        this.refusals = refusals;
        this.settings = settings;
        List<Topic> topics = required.stream().flatMap(group -> group.topics().stream()).toList();
        // Topics of dead letters are made for the records of their sources, so these come first.
        this.ready = ensure(topics, topic -> topic.purpose() != Purpose.DEAD_LETTERS)
                .chain(() -> ensure(topics, topic -> topic.purpose() == Purpose.DEAD_LETTERS))
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
        String reason = refusals.explain(failure);
        String sentence = "the broker at %s: topics cannot be created yet: %s".formatted(settings.bootstrapServers(), reason);
        if (!sentence.equals(waitingFor)) {
            waitingFor = sentence;
            LOG.warnf("waiting for the broker: servers=%s reason=\"%s\"", settings.bootstrapServers(),
                    LogText.quoted(reason));
        }
    }

    private Uni<Void> ensure(List<Topic> topics, Predicate<Topic> which) {
        List<Uni<Void>> each = topics.stream().filter(which).map(this::ensure).toList();
        return each.isEmpty() ? Uni.createFrom().voidItem() : Uni.join().all(each).andFailFast().replaceWithVoid();
    }

    private Uni<Void> ensure(Topic topic) {
        return largestRecord(topic.sources()).chain(largest -> create(topic, largest));
    }

    private Uni<Void> create(Topic topic, int largestRecord) {
        NewTopic missing = new NewTopic(topic.name(), Optional.of(partitions(topic)),
                settings.replication().isPresent() ? Optional.of((short) settings.replication().getAsInt()) : Optional.empty())
                .configs(configs(topic, room(largestRecord)));
        return Uni.createFrom().completionStage(() -> admin.createTopics(List.of(missing)).all().toCompletionStage())
                .invoke(() -> LOG.infof("topic created: topic=%s partitions=%d", topic.name(), partitions(topic)))
                .onFailure(TopicExistsException.class).recoverWithUni(() -> compare(topic, largestRecord))
                .onFailure(AuthorizationException.class).recoverWithUni(refused -> existing(topic, largestRecord, refused));
    }

    /** Who may not create a topic need not, if somebody else has. */
    private Uni<Void> existing(Topic topic, int largestRecord, Throwable refused) {
        return compare(topic, largestRecord).onFailure().transform(unknown -> refused);
    }

    private static int room(int largestRecord) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(ROOM_BYTES, (long) largestRecord + HEADERS_BYTES));
    }

    /** The largest record that one of these topics takes; 0 if there is none, or it may not be asked. */
    private Uni<Integer> largestRecord(Set<String> topics) {
        if (topics.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        List<ConfigResource> resources = topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return Uni.createFrom().completionStage(() -> admin.describeConfigs(resources).all().toCompletionStage())
                .map(found -> found.values().stream()
                        .mapToInt(config -> Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())).max()
                        .orElse(0))
                // The broker learns of a topic a moment after the controller has made it.
                .onFailure(UnknownTopicOrPartitionException.class).retry().withBackOff(LOOK_AGAIN).atMost(LOOKS)
                .onFailure(AuthorizationException.class).recoverWithItem(0);
    }

    private int partitions(Topic topic) {
        return topic.purpose() == Purpose.STATE ? 1 : settings.partitions();
    }

    private Map<String, String> configs(Topic topic, int room) {
        String largest = Integer.toString(room);
        return switch (topic.purpose()) {
            case RECORDS -> settings.retention()
                    .map(time -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis()))).orElse(Map.of());
            case DEAD_LETTERS -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.dlqRetention().toMillis()),
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
            case STATE -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
        };
    }

    private Uni<Void> compare(Topic topic, int largestRecord) {
        return Uni.createFrom()
                .completionStage(() -> admin.describeTopics(List.of(topic.name())).allTopicNames().toCompletionStage())
                .invoke(found -> report(found.get(topic.name()), partitions(topic)))
                .chain(() -> topic.sources().isEmpty() ? Uni.createFrom().item(Integer.MAX_VALUE)
                        : largestRecord(Set.of(topic.name())))
                .invoke(room -> reportRoom(topic, room, largestRecord))
                .replaceWithVoid();
    }

    private static void report(TopicDescription existing, int expected) {
        int partitions = existing.partitions().size();
        if (partitions < expected) {
            LOG.warnf("topic has fewer partitions than TOPIC_PARTITIONS, left as it is: topic=%s partitions=%d set=%d",
                    existing.name(), partitions, expected);
        }
    }

    /** @param room largest record the topic takes, 0 if that is not known */
    private static void reportRoom(Topic topic, int room, int largestRecord) {
        if (room > 0 && room < largestRecord) {
            LOG.warnf("topic takes smaller records than those it is for, which are then kept on disk: topic=%s"
                    + " max.message.bytes=%d sources=%s largest=%d", topic.name(), room, topic.sources(), largestRecord);
        }
    }
}
