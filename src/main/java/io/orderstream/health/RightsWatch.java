package io.orderstream.health;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.jboss.logging.Logger;

import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.LogText;
import io.orderstream.support.Ticks;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Asks the broker which of the rights the application uses it has: at the start, then every half minute, and every two seconds
 * while one is missing. So a right is named before something fails for the want of it. A broker that asks for no rights says
 * that all of them are there. Thread safe.
 */
@ApplicationScoped
public class RightsWatch {

    private static final Logger LOG = Logger.getLogger(RightsWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration WHILE_COMPLETE = Duration.ofSeconds(30);
    private static final Set<AclOperation> ALL = Set.copyOf(EnumSet.allOf(AclOperation.class));

    private final Admin admin;
    private final BrokerWatch broker;
    private final List<Right> rights;
    private volatile List<Right> missing = List.of();
    private long completeNanos;
    private boolean wasComplete;
    private Cancellable asking;

    RightsWatch(Admin admin, BrokerWatch broker, Pipelines pipelines, PipelineSettings settings, KafkaSettings kafka,
            DeadLetterSettings deadLetters, @All List<RequiredTopics> required) {
        this.admin = admin;
        this.broker = broker;
        NeededRights needed = new NeededRights(settings.retryMode() == PipelineSettings.RetryMode.TOPIC,
                kafka.groupInstanceId());
        pipelines.running().forEach(needed::of);
        this.rights = needed.ofDeadLetters(DeadLetterMonitor.topics(required, deadLetters))
                .ofRedrive(deadLetters, settings.groupId()).all();
    }

    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        asking = Ticks.every(INTERVAL, this::ask).subscribe().with(this::note);
    }

    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.WATCHES) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (asking != null) {
            asking.cancel();
        }
    }

    /** The rights that were missing when the broker was asked last; none before. */
    List<Right> missing() {
        return missing;
    }

    private Uni<List<Right>> ask() {
        boolean isDue = !wasComplete || System.nanoTime() - completeNanos >= WHILE_COMPLETE.toNanos();
        if (!isDue || broker.brokers() == 0 || broker.absence().isPresent()) {
            return Uni.createFrom().nullItem();
        }
        return Uni.createFrom().completionStage(() -> look(admin, rights))
                .onFailure().invoke(failure -> LOG.debugf("rights are not known: reason=\"%s\"", Failures.reason(failure)))
                .onFailure().recoverWithNull();
    }

    private void note(List<Right> now) {
        List<Right> before = missing;
        missing = now;
        wasComplete = now.isEmpty();
        completeNanos = System.nanoTime();
        if (now.isEmpty() && !before.isEmpty()) {
            LOG.info("all rights are there again");
        } else if (!now.equals(before)) {
            LOG.warnf("rights are missing: count=%d rights=\"%s\"", now.size(), LogText.quoted(now.stream()
                    .map(right -> right.operation() + " " + right.resource()).collect(Collectors.joining(", "))));
        }
    }

    /**
     * Asks for each right once. One whose answer is not to be had, such as of a group that nobody has joined yet, counts as
     * there: what needs it tells of it.
     */
    static CompletableFuture<List<Right>> look(Admin admin, List<Right> rights) {
        Map<String, Set<AclOperation>> held = new ConcurrentHashMap<>();
        Map<String, CompletableFuture<Void>> answers = new HashMap<>();
        admin.describeTopics(names(rights, ResourceType.TOPIC), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues().forEach((name, topic) -> answers.put("topic " + name, answer(topic, held, "topic " + name,
                        description -> with(description.authorizedOperations(), AclOperation.CREATE))));
        admin.describeConsumerGroups(names(rights, ResourceType.GROUP),
                new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).describedGroups()
                .forEach((name, group) -> answers.put("group " + name, answer(group, held, "group " + name,
                        description -> with(description.authorizedOperations(), AclOperation.DESCRIBE))));
        Collection<String> ids = names(rights, ResourceType.TRANSACTIONAL_ID);
        if (!ids.isEmpty()) {
            var transactions = admin.describeTransactions(ids);
            ids.forEach(id -> answers.put("transactional id " + id,
                    answer(transactions.description(id), held, "transactional id " + id, description -> ALL)));
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new)).thenApply(done -> rights.stream()
                .filter(right -> !held.get(right.resource()).contains(right.operation())).toList());
    }

    private static Collection<String> names(List<Right> rights, ResourceType type) {
        return rights.stream().filter(right -> right.type() == type).map(Right::name).distinct().toList();
    }

    private interface Operations<T> {

        Set<AclOperation> of(T description);
    }

    private static <T> CompletableFuture<Void> answer(KafkaFuture<T> asked, Map<String, Set<AclOperation>> held,
            String resource,
            Operations<T> operations) {
        return asked.toCompletionStage().toCompletableFuture()
                .handle((description, failure) -> failure == null ? operations.of(description) : refused(failure))
                .thenAccept(found -> held.put(resource, found));
    }

    /** Whoever may read or write may also describe, so who may not describe may neither. */
    private static Set<AclOperation> refused(Throwable failure) {
        Throwable reason = Failures.root(failure);
        if (reason instanceof AuthorizationException) {
            return Set.of(AclOperation.CREATE);
        }
        return reason instanceof UnknownTopicOrPartitionException
                ? ALL.stream().filter(operation -> operation != AclOperation.CREATE).collect(Collectors.toSet())
                : ALL;
    }

    /** @param found null from a broker that does not say */
    private static Set<AclOperation> with(Set<AclOperation> found, AclOperation more) {
        if (found == null) {
            return ALL;
        }
        Set<AclOperation> all = EnumSet.copyOf(ALL);
        all.retainAll(found);
        all.add(more);
        return all;
    }
}
