package io.orderstream.commit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Default;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.commit.Counting.CountedChannels;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.SharedAnswer;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;

/**
 * Makes the {@link TotalsCommit} of each channel with {@code commit-strategy=totals}, and hands it to the channel's pipeline.
 */
@ApplicationScoped
@Default
@Identifier(TotalsCommitFactory.STRATEGY)
public class TotalsCommitFactory implements KafkaCommitHandler.Factory {

    /** The name of the strategy in {@code mp.messaging.incoming.<channel>.commit-strategy}. */
    public static final String STRATEGY = "totals";

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(TotalsCommitFactory.class);
    /** The last commit, and the end of the consumer, are waited for so long together. */
    private static final Duration LEAVE_TIMEOUT = FinalCommit.TIMEOUT.multipliedBy(5);
    /** The partition stands meanwhile, and its consumer polls for no other. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SHARED = Duration.ofSeconds(2);

    private final CountedChannels channels;
    private final KafkaConnections connections;
    private final Admin admin;
    private final PartitionLog.Source logs;
    private final MeterRegistry registry;
    private final BrokerWatch broker;
    private final Duration interval;
    private final Duration session;
    private final String instance;
    private final Set<String> groups = ConcurrentHashMap.newKeySet();
    private final SharedAnswer<Map<String, KafkaFuture<ConsumerGroupDescription>>> described;
    private final Map<String, TotalsCommit> byChannel = new ConcurrentHashMap<>();

    TotalsCommitFactory(CountedChannels channels, KafkaConnections connections, Admin admin, MeterRegistry registry,
            BrokerWatch broker, KafkaSettings kafka,
            @ConfigProperty(name = "orderstream.pipeline.commit-interval") Duration interval,
            @ConfigProperty(name = "orderstream.pipeline.session-timeout") Duration session) {
        this.channels = channels;
        this.connections = connections;
        this.admin = admin;
        this.logs = PartitionLog.source(admin);
        this.described = new SharedAnswer<>(SHARED,
                () -> Uni.createFrom().item(() -> admin.describeConsumerGroups(groups).describedGroups()));
        this.registry = registry;
        this.broker = broker;
        this.session = session;
        this.interval = interval;
        this.instance = kafka.groupInstanceId().orElseGet(() -> UUID.randomUUID().toString());
    }

    @Override
    public KafkaCommitHandler create(KafkaConnectorIncomingConfiguration config, Vertx vertx, KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        String channel = config.getChannel();
        String group = config.getGroupId().orElseThrow();
        groups.add(group);
        RetryTopicTransactions transactions = new RetryTopicTransactions("moves-" + channel,
                () -> producer(group + "-" + channel),
                partitions -> committed(group, partitions));
        ConsumerWatch watch = new ConsumerWatch(consumer, channel, group, session, broker::presentFor,
                () -> members(group));
        TotalsCommit commit = new TotalsCommit(vertx, consumer, watch, channels.counting(channel), interval, transactions,
                registry, channel, new LostRecords(registry, channels.pipeline(channel), config.getTopic().orElse(channel)),
                new PositionCheck(logs, config.getAutoOffsetReset(), () -> watch.state().isWell()), CALL_TIMEOUT);
        byChannel.put(channel, commit);
        return commit;
    }

    /** Leaves the groups of all channels, at the same time: until then their partitions stand. */
    void leave(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.GROUPS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        List<Thread> leaving = byChannel.entrySet().stream()
                .map(channel -> DaemonThreads.named("leave " + channel.getKey(),
                        () -> leave(channel.getKey(), channel.getValue())))
                .toList();
        leaving.forEach(Thread::start);
        leaving.forEach(thread -> DaemonThreads.join(thread, LEAVE_TIMEOUT));
    }

    private static void leave(String channel, TotalsCommit commit) {
        try {
            commit.leave();
        } catch (RuntimeException e) {
            LOG.warnf("consumer not closed: channel=%s reason=\"%s\"", channel, Failures.reason(e));
        }
    }

    /** The ids of the members of a group. The consumers of all channels ask within a second, and share the answer. */
    private CompletionStage<Set<String>> members(String group) {
        return described.get().subscribeAsCompletionStage()
                .thenCompose(groups -> groups.containsKey(group) ? members(groups.get(group)) : members(admin, group));
    }

    /** The ids of the members of a group. */
    static CompletionStage<Set<String>> members(Admin admin, String group) {
        return members(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    }

    private static CompletionStage<Set<String>> members(KafkaFuture<ConsumerGroupDescription> described) {
        return described.toCompletionStage()
                .thenApply(group -> group.members().stream().map(MemberDescription::consumerId).collect(Collectors.toSet()));
    }

    /** Everything it waits for is tried again anyway, so it gives up within seconds. */
    private Producer<byte[], byte[]> producer(String name) {
        return connections.producer("moves-" + name, Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, name + "-" + instance,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_TIMEOUT.toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) ANSWER_TIMEOUT.toMillis(),
                // A transaction's first batch may be put off by the broker; the second must not overtake it.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_TIMEOUT.toMillis(),
                // No batching: one record that is too large would have all others of its batch expire, each time anew.
                ProducerConfig.BATCH_SIZE_CONFIG, 0));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group, Set<TopicPartition> partitions) {
        ListConsumerGroupOffsetsSpec wanted = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        return KafkaFutures.await(admin.listConsumerGroupOffsets(Map.of(group, wanted),
                new ListConsumerGroupOffsetsOptions().requireStable(true)).partitionsToOffsetAndMetadata());
    }

    /** Ids of this instance as a member of the groups of its channels; up to a second old. Thread safe. */
    public Set<String> members() {
        return byChannel.values().stream().map(TotalsCommit::member).collect(Collectors.toSet());
    }

    /** The commit strategy of a channel, empty if it has none or is not started yet. */
    public Optional<TotalsCommit> find(String channel) {
        return Optional.ofNullable(byChannel.get(channel));
    }
}
