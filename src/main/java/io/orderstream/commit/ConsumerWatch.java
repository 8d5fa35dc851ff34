package io.orderstream.commit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.support.Failures;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.mutiny.core.Vertx;

/**
 * Whether a consumer has partitions, whether its polls succeed, and whether they give what there is. Thread safe.
 * <p>
 * SmallRye 4.31.0 repeats a poll that has failed, for ever and with a growing delay, and tells nobody. So it is
 * looked once a second, on the polling thread, whether the last poll is longer ago than polls that succeed are; if
 * so, {@link PollProbe} polls itself to learn why. Kafka 4.1 says nothing of heartbeats that are refused, and goes
 * on, as if nothing was, when the group has given its partitions to others: a consumer whose session has expired
 * that way is made to join its group anew.
 */
final class ConsumerWatch {

    /** A fetch that is under way shall not show, and neither shall a poll that fails once. */
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static final long INTERVAL_MILLIS = 1_000;
    private static final Duration TOPIC_TIMEOUT = Duration.ofMillis(200);
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(5);
    /** The members of its group may have been asked for two seconds before it joined. */
    private static final Duration KNOWN = Duration.ofSeconds(3);
    /** Partitions that are lost so often in so long a time are lost again and again. */
    private static final int LOSSES = 3;
    private static final Duration LOST_AGAIN = Duration.ofSeconds(30);
    private static final String SINCE_POLL = "last-poll-seconds-ago";

    private record Standing(long position, long sinceNanos) {
    }

    private final KafkaConsumer<?, ?> consumer;
    private final Duration session;
    private final Supplier<Duration> brokerPresent;
    private final Supplier<CompletionStage<Set<String>>> members;
    private final ConsumerTrouble trouble;
    private final PollProbe probe = new PollProbe();
    private volatile Metric secondsSincePoll;
    private volatile Metric secondsSinceHeartbeat;
    private volatile Map<TopicPartition, Standing> standing = Map.of();
    private volatile boolean looking;
    private volatile long lookNanos = System.nanoTime();
    private volatile KafkaException waiting;
    private volatile String member = "";
    private volatile long memberNanos;
    /** The id of a member that its group does not know any more, empty if it knows it. */
    private volatile String expired = "";
    private volatile String answer = "";
    private long askedNanos = System.nanoTime();
    // Confined to the polling thread.
    private final Deque<Long> lossesNanos = new ArrayDeque<>();
    private Long rejoinedNanos;
    private Runnable stop = () -> {
    };

    /**
     * @param session the consumer's session timeout
     * @param brokerPresent time since the broker was last absent, zero while it is
     * @param members asks the coordinator of the group for the ids of its members: fails with Kafka's error if there is none.
     *        The answer may be two seconds old.
     */
    ConsumerWatch(KafkaConsumer<?, ?> consumer, String channel, String group, Duration session,
            Supplier<Duration> brokerPresent, Supplier<CompletionStage<Set<String>>> members) {
        this.consumer = consumer;
        this.session = session;
        this.brokerPresent = brokerPresent;
        this.members = members;
        this.trouble = new ConsumerTrouble(channel, group, NOTICED, session.plus(NOTICED), brokerPresent);
    }

    /** Begins to look. To be called on the event loop of the channel. */
    void start(Vertx vertx) {
        long timer = vertx.setPeriodic(INTERVAL_MILLIS, id -> tick());
        stop = () -> vertx.cancelTimer(timer);
    }

    /** Looks no longer. To be called on the event loop of the channel. */
    void stop() {
        stop.run();
    }

    /** What the consumer does. */
    ConsumerState state() {
        return trouble.state(System.nanoTime());
    }

    /** The consumer's id in its group when it was last looked at, empty before. */
    String member() {
        return member;
    }

    /**
     * Time since the consumer last polled, by its own metric, zero if it has not begun to, or waits for its totals. It grows
     * without end once the consumer is closed or its stream has failed.
     */
    Duration sinceLastPoll() {
        if (secondsSincePoll == null) {
            secondsSincePoll = metric(consumer.unwrap(), SINCE_POLL);
        }
        return waiting == null ? Duration.ofSeconds(Math.max(0, value(secondsSincePoll))) : Duration.ZERO;
    }

    // A metric that was looked up once goes on counting when the consumer is closed.
    private static Metric metric(Consumer<?, ?> kafka, String name) {
        return kafka == null ? null
                : kafka.metrics().values().stream().filter(metric -> metric.metricName().name().equals(name)).findFirst()
                        .orElse(null);
    }

    private static long value(Metric metric) {
        return metric == null ? 0 : (long) (double) metric.metricValue();
    }

    /** The totals of partitions cannot be restored for this reason; null if they are. Called on the polling thread. */
    void waits(KafkaException reason) {
        waiting = reason;
    }

    /**
     * Partitions are taken away. If another member has its name, all are, each time the other has joined. Called on the polling
     * thread, before they are.
     */
    void revoked(Consumer<?, ?> kafka, Collection<TopicPartition> partitions) {
        ConsumerGroupMetadata member = kafka.groupMetadata();
        if (member.generationId() < 0
                || member.groupInstanceId().isPresent() && partitions.containsAll(kafka.assignment())) {
            lossesNanos.add(System.nanoTime());
        }
    }

    private void tick() {
        long now = System.nanoTime();
        if (!looking) {
            looking = true;
            lookNanos = now;
            consumer.runOnPollingThread(kafka -> {
                look(kafka, System.nanoTime());
            }).subscribe().with(done -> looking = false, failure -> {
                // It is closed.
                looking = false;
            });
        } else if (now - lookNanos > NOTICED.toNanos()) {
            KafkaException reason = waiting;
            trouble.seen(reason == null ? ConsumerState.joining("a poll does not return") : failed(reason), now);
        }
        askCoordinator(now);
    }

    private static ConsumerState failed(Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + Failures.oneLine(Failures.message(failure));
        return failure instanceof RetriableException ? ConsumerState.joining(reason) : ConsumerState.failing(reason);
    }

    /**
     * Asks what the consumer does not tell: it looks for its coordinator without a word, however long that takes,
     * and goes on when its heartbeats are refused. The consumers of all channels ask at the same time.
     */
    private void askCoordinator(long now) {
        long interval = (trouble.state(now).isWell() ? session : ASKED_AGAIN).toNanos();
        if (Math.floorDiv(now, interval) == Math.floorDiv(askedNanos, interval)) {
            return;
        }
        askedNanos = now;
        String asked = now - memberNanos > KNOWN.toNanos() ? member : "";
        members.get().whenComplete((ids, failure) -> {
            answer = failure == null ? "" : ": " + unanswered(Failures.root(failure));
            expired = failure == null && !ids.contains(asked) ? asked : "";
        });
    }

    /** The admin client tries again until its time is up, and then tells whatever came last. */
    private static String unanswered(Throwable failure) {
        return failure instanceof RetriableException ? "no coordinator answers for the group" : failed(failure).reason();
    }

    /** Looks what the consumer does and which partitions stand. Called on the polling thread. */
    void look(Consumer<?, ?> kafka, long nowNanos) {
        waiting = null;
        String id = kafka.groupMetadata().memberId();
        if (!id.equals(member)) {
            memberNanos = nowNanos;
            member = id;
        }
        standing = standing(kafka, nowNanos);
        if (secondsSincePoll == null || secondsSinceHeartbeat == null) {
            secondsSincePoll = metric(kafka, SINCE_POLL);
            secondsSinceHeartbeat = metric(kafka, "last-heartbeat-seconds-ago");
        }
        Throwable failure = probe.failure(kafka, sinceLastPoll(), nowNanos);
        lossesNanos.removeIf(lost -> nowNanos - lost > LOST_AGAIN.toNanos());
        trouble.seen(failure != null ? failed(failure)
                : lossesNanos.size() >= LOSSES ? lostAgain(kafka)
                        : membership(kafka, nowNanos),
                nowNanos);
    }

    /** Two members of one name take each other's place in turn, every few seconds. */
    private static ConsumerState lostAgain(Consumer<?, ?> kafka) {
        return ConsumerState.failing(kafka.groupMetadata().groupInstanceId()
                .map(name -> "FencedInstanceIdException: another instance has the same GROUP_INSTANCE_ID " + name)
                .orElse("its group takes it for dead again and again, and gives its partitions away"));
    }

    private ConsumerState membership(Consumer<?, ?> kafka, long nowNanos) {
        long sinceHeartbeat = value(secondsSinceHeartbeat);
        boolean isExpired = sinceHeartbeat > session.toSeconds() || !member.isEmpty() && member.equals(expired);
        if (!kafka.assignment().isEmpty()) {
            return isExpired ? rejoin(kafka, nowNanos) : ConsumerState.CONSUMING;
        }
        return isExpired || sinceHeartbeat < 0
                ? ConsumerState.joining("it is not a member of its group yet" + answer)
                : withoutPartition(kafka);
    }

    /**
     * Makes the consumer join its group anew, once a session timeout at most: each join puts off the next heartbeat by a whole
     * interval, so that a consumer which joins at every look never sends one.
     */
    private ConsumerState rejoin(Consumer<?, ?> kafka, long nowNanos) {
        boolean isRejoining = rejoinedNanos != null && nowNanos - rejoinedNanos < session.toNanos();
        // After an outage of the broker the session goes on.
        if (!isRejoining && brokerPresent.get().compareTo(session) > 0) {
            kafka.enforceRebalance("its session has expired");
            rejoinedNanos = nowNanos;
        }
        return ConsumerState.joining("its session in its group has expired" + answer);
    }

    /** A member without a partition: of a topic that has partitions, others have them. */
    private static ConsumerState withoutPartition(Consumer<?, ?> kafka) {
        for (String topic : kafka.subscription()) {
            try {
                if (kafka.partitionsFor(topic, TOPIC_TIMEOUT).isEmpty()) {
                    return ConsumerState.failing("UnknownTopicOrPartitionException: there is no topic " + topic);
                }
            } catch (TimeoutException e) {
                // The next look knows.
            } catch (KafkaException e) {
                return failed(e);
            }
        }
        return ConsumerState.idle("no partition is left for it: its group has as many members as there are partitions");
    }

    /**
     * Which partitions have records behind the consumer's position, which does not move: a record that is damaged, or
     * compressed with what cannot be read here, makes poll after poll fail. Only the consumer's own knowledge is asked, so
     * nothing blocks.
     */
    private Map<TopicPartition, Standing> standing(Consumer<?, ?> kafka, long nowNanos) {
        Map<TopicPartition, Standing> now = new HashMap<>();
        Set<TopicPartition> paused = kafka.paused();
        for (TopicPartition partition : kafka.assignment()) {
            if (!paused.contains(partition) && kafka.currentLag(partition).orElse(0) > 0) {
                long position = position(kafka, partition);
                Standing before = standing.get(partition);
                now.put(partition,
                        before != null && before.position() == position ? before : new Standing(position, nowNanos));
            }
        }
        return now;
    }

    private static long position(Consumer<?, ?> kafka, TopicPartition partition) {
        try {
            return kafka.position(partition, Duration.ZERO);
        } catch (KafkaException e) {
            // It has none yet.
            return -1;
        }
    }

    /** Where the partitions stand. To be called on the event loop they belong to. */
    List<PartitionState> states(AssignedPartitions partitions) {
        long now = System.nanoTime();
        return partitions.states(now).stream().map(state -> withStanding(state, now)).toList();
    }

    /** The same, or if nothing of it is in work and it stands, with the time since when it does. */
    PartitionState withStanding(PartitionState state, long nowNanos) {
        Standing stands = standing.get(state.partition());
        Duration age = stands == null ? Duration.ZERO : Duration.ofNanos(nowNanos - stands.sinceNanos());
        return state.inWork() > 0 || age.compareTo(NOTICED) < 0 ? state
                : new PartitionState(state.partition(), state.watermark(), 0, age);
    }
}
