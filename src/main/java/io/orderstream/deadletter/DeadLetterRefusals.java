package io.orderstream.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.orderstream.support.Failures;

/**
 * The dead letters that the broker has refused and that are tried again: for health and metrics, with one log line when the
 * first of a pipeline is refused and one when the last of them is written. Thread safe.
 */
@ApplicationScoped
public class DeadLetterRefusals {

    private static final Logger LOG = Logger.getLogger(DeadLetterRefusals.class);
    private static final int LONGEST_REASON = 300;

    private final Map<String, Map<String, Refusal>> byPipeline = new TreeMap<>();

    /**
     * A dead letter that has been refused.
     *
     * @param record coordinates of the record, such as {@code orders-1-5}
     * @param since when it was refused for the first time
     * @param tries how often it has been refused
     * @param reason why it was the last time
     */
    public record Refusal(String record, Instant since, int tries, String reason) {
    }

    /**
     * The refused dead letters of a pipeline.
     *
     * @param pipeline name of the pipeline
     * @param letters how many there are
     * @param first the one that waits longest
     */
    public record Refused(String pipeline, int letters, Refusal first) {
    }

    /** All pipelines with refused dead letters, by name. */
    public synchronized List<Refused> now() {
        List<Refused> refused = new ArrayList<>();
        byPipeline.forEach((pipeline, letters) -> letters.values().stream().min(Comparator.comparing(Refusal::since))
                .ifPresent(first -> refused.add(new Refused(pipeline, letters.size(), first))));
        return refused;
    }

    /** Number of refused dead letters of a pipeline. */
    public synchronized int letters(String pipeline) {
        return Optional.ofNullable(byPipeline.get(pipeline)).map(Map::size).orElse(0);
    }

    /** Of one pipeline, for who writes its dead letters. */
    public OfPipeline of(String pipeline) {
        return new OfPipeline(pipeline);
    }

    /** The refusals of one pipeline. */
    public final class OfPipeline {

        private final String pipeline;

        private OfPipeline(String pipeline) {
            this.pipeline = pipeline;
        }

        void refused(String record, Throwable failure) {
            String reason = Reasons.cut(Failures.oneLine(Failures.message(failure)), LONGEST_REASON);
            synchronized (DeadLetterRefusals.this) {
                Map<String, Refusal> letters = byPipeline.computeIfAbsent(pipeline, name -> new LinkedHashMap<>());
                if (letters.isEmpty()) {
                    LOG.warnf("dead letter refused, tried again until it is written: pipeline=%s record=%s reason=\"%s\"",
                            pipeline, record, reason);
                }
                letters.merge(record, new Refusal(record, Instant.now(), 1, reason),
                        (before, now) -> new Refusal(record, before.since(), before.tries() + 1, reason));
            }
        }

        /** The letter has been written, or is no longer ours to write. */
        void ended(String record, boolean isWritten) {
            synchronized (DeadLetterRefusals.this) {
                Map<String, Refusal> letters = byPipeline.getOrDefault(pipeline, Map.of());
                Refusal ended = letters.remove(record);
                if (ended != null && letters.isEmpty()) {
                    LOG.infof("no dead letter is refused any more: pipeline=%s last=%s outcome=%s seconds=%d", pipeline, record,
                            isWritten ? "written" : "handed-back", Duration.between(ended.since(), Instant.now()).toSeconds());
                }
            }
        }
    }
}
