package io.orderstream.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

import io.orderstream.commit.TotalsCommitFactory;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.support.Failures;
import io.orderstream.support.SharedAnswer;
import io.orderstream.totals.GroupTotals;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;

/** The consumer groups of the pipelines with their members, as the broker knows them. Thread safe. */
@ApplicationScoped
class ConsumerGroups {

    private static final Duration SHARED = Duration.ofSeconds(1);
    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(2);

    private final SharedAnswer<List<ConsumerGroupView>> latest;

    ConsumerGroups(Pipelines pipelines, Admin admin, GroupTotals totals, TotalsCommitFactory commits) {
        this.latest = new SharedAnswer<>(SHARED, () -> all(pipelines, admin, totals, commits.members()));
    }

    /** Returns all groups, at most a second old; fails after 2 s if the broker does not answer. Does not block. */
    Uni<List<ConsumerGroupView>> all() {
        return latest.get();
    }

    private static Uni<List<ConsumerGroupView>> all(Pipelines pipelines, Admin admin, GroupTotals totals, Set<String> own) {
        List<Uni<ConsumerGroupView>> groups = pipelines.running().stream().flatMap(pipeline -> pipeline.sources().stream()
                .map(source -> look(admin, totals, pipeline.name(), source, own))).toList();
        return groups.isEmpty() ? Uni.createFrom().item(List.of())
                : Uni.join().all(groups).andFailFast().ifNoItem().after(BROKER_TIMEOUT)
                        .failWith(() -> new TimeoutException());
    }

    /**
     * Looks at a group, of either of Kafka's protocols.
     *
     * @param own ids of this instance as a member
     */
    static Uni<ConsumerGroupView> look(Admin admin, GroupTotals totals, String pipeline, Source source, Set<String> own) {
        return Uni.createFrom()
                .completionStage(() -> admin.describeConsumerGroups(List.of(source.group())).describedGroups()
                        .get(source.group()).toCompletionStage())
                // Nobody has joined it yet.
                .onFailure(failure -> Failures.root(failure) instanceof GroupIdNotFoundException).recoverWithNull()
                .chain(found -> totals.lags(source.group(), assigned(found, source.topic()))
                        .map(lags -> ConsumerGroupView.of(pipeline, source, found, lags, own)));
    }

    private static Set<TopicPartition> assigned(ConsumerGroupDescription found, String topic) {
        return found == null ? Set.of()
                : found.members().stream().flatMap(member -> ConsumerGroupView.assigned(member, topic).stream())
                        .collect(Collectors.toSet());
    }
}
