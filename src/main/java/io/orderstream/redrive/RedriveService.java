package io.orderstream.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.deadletter.OriginMap;
import io.orderstream.deadletter.RedrivenDeadLetters;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.kafka.TopicReader;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Sends dead letters back to their original topics. Any instance accepts jobs, the leader runs them. Requests block
 * and throw {@link RedriveUnavailableException} if the broker does not answer, and {@link RedriveTooLargeException} if it does
 * not take the job; reading jobs does neither.
 */
@ApplicationScoped
public class RedriveService {

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
    /** Requests block and have nothing to do meanwhile. */
    private static final Runnable NO_PULSE = () -> {
    };

    private final KafkaConnections connections;
    private final RedriveLog log;
    private final DeadLetterScan scan;
    private final RedriveRunner runner;

    RedriveService(KafkaConnections connections, DeadLetterSettings settings, @All List<RequiredTopics> required,
            KeptLetters kept,
            @ConfigProperty(name = "orderstream.pipeline.group-id") String groupId,
            @ConfigProperty(name = "orderstream.pipeline.session-timeout") Duration session) {
        this.connections = connections;
        this.log = new RedriveLog(connections, settings.redriveTopic());
        this.scan = new DeadLetterScan(DeadLetterMonitor.topics(required, settings), settings.redriveTopic(),
                settings.maxRedrives(), kept);
        this.runner = new RedriveRunner(
                () -> RedriveClients.connect(connections, settings.redriveTopic(), groupId + DeadLetterSettings.REDRIVE_GROUP,
                        session),
                log, scan,
                CHECKPOINT_INTERVAL);
    }

    @Produces
    @Singleton
    RedrivenDeadLetters redrivenLetters() {
        return log;
    }

    /** Requires the compacted topic of the redrive jobs. */
    @Produces
    @Singleton
    static RequiredTopics redriveTopics(DeadLetterSettings settings) {
        return () -> List.of(new RequiredTopics.Topic(settings.redriveTopic(), RequiredTopics.Purpose.STATE));
    }

    /** Starts after the topics are created; does not wait for the broker. */
    void start(@Observes @Priority(Lifecycle.Start.REDRIVE) StartupEvent event) {
        log.start();
        runner.start();
    }

    /** Stops before the clients and dev mode's broker are closed, also after a start that failed early. */
    void close(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.REDRIVE) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        runner.close();
        log.close();
    }

    /**
     * Result of a dry run.
     *
     * @param dryRun true, by which the answer is known from that of a job
     * @param matching letters the filter selects, the last of each record only
     * @param selected those of them that would be sent
     * @param skipped the others, by reason
     * @param groups what would be sent, by kind and reason, most letters first
     * @param histogram what would be sent, by the time it was given up: up to 12 buckets of the same length, in their order
     * @param parked coordinates of the first letters that may not be redriven any more
     * @param leftOut the first of those that would not be sent, some of each reason, by position
     */
    @RegisterForReflection
    public record DryRun(boolean dryRun, int matching, int selected, Map<String, Integer> skipped, List<Group> groups,
            List<Bucket> histogram, List<DeadLetterFilter.Coordinates> parked, List<LeftOutDeadLetter> leftOut) {

        /** Number of dead letters of one kind and reason. */
        @RegisterForReflection
        @Schema(name = "RedriveGroup")
        public record Group(String reasonGroup, String kind, String reason, long count) {
        }

        /** Number of dead letters given up from this time on, and before that of the next bucket. */
        @RegisterForReflection
        public record Bucket(Instant from, int count) {
        }
    }

    /** Determines what a request would send, by reading all dead letters. */
    public DryRun dryRun(RedriveRequest request) {
        return ask(reader -> {
            Selection.Result found = scan.select(reader, request, scan.ends(reader), log::contains, new SentDeadLetters(),
                    new OriginMap<>(), NO_PULSE);
            Map<SelectedDeadLetter.Group, Long> counts = found.letters().stream().collect(
                    Collectors.groupingBy(SelectedDeadLetter::group, LinkedHashMap::new, Collectors.counting()));
            return new DryRun(
                    true, found.matching(), found.letters().size(), found.leftOut().counts(), counts.entrySet().stream()
                            .map(group -> new DryRun.Group(group.getKey().reasonGroup(), group.getKey().kind(),
                                    group.getKey().reason(),
                                    group.getValue()))
                            .sorted(Comparator.comparingLong(DryRun.Group::count).reversed()).toList(),
                    TimeHistogram.of(found.letters().stream().mapToLong(SelectedDeadLetter::givenUpMillis).toArray()),
                    found.parked(), found.leftOut().listed());
        });
    }

    /** Creates a job for dead letters that exist now. */
    public RedriveJob create(RedriveRequest request, String by) {
        return ask(reader -> {
            RedriveJob job = RedriveJob.created(UUID.randomUUID().toString(), by, request, Instant.now(), scan.ends(reader));
            log.append(job);
            return job;
        });
    }

    /** What redrive waits for or cannot read now, each with its reason; empty if it could run a job. Does not block. */
    public Map<String, String> failures() {
        Map<String, String> failures = new HashMap<>(log.failures());
        String waitingFor = runner.waitingFor();
        if (waitingFor != null) {
            failures.put("redrive", waitingFor);
        }
        return failures;
    }

    /** Returns a job as last read by this instance. */
    public Optional<RedriveJob> find(String id) {
        return log.find(id);
    }

    /** Returns all jobs, newest first. */
    public List<RedriveJob> jobs() {
        return log.jobs().stream().sorted(Comparator.comparing(RedriveJob::createdAt).reversed()).toList();
    }

    /** Requests a job to stop or to resume; the leader follows within a second. */
    public void control(String id, boolean stop) {
        ask(reader -> {
            log.append(id, stop);
            return null;
        });
    }

    private <T> T ask(Function<TopicReader, T> question) {
        if (!log.isCaughtUp()) {
            Map<String, String> reasons = log.failures();
            throw new RedriveUnavailableException("the redrive jobs are not read yet: "
                    + (reasons.isEmpty() ? "is the broker there?" : String.join("; ", reasons.values())), null);
        }
        try (TopicReader reader = new TopicReader(connections, "redrive-request-" + UUID.randomUUID())) {
            return question.apply(reader);
        } catch (RecordTooLargeException e) {
            throw new RedriveTooLargeException(e);
        } catch (KafkaException e) {
            throw new RedriveUnavailableException("the broker does not answer: " + Failures.shown(e), e);
        }
    }
}
