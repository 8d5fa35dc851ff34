package io.orderstream.redrive;

import java.time.Instant;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.orderstream.kafka.TopicEnds;
import io.orderstream.support.Labelled;

/**
 * A redrive job: request, operator and progress. Its last version stays in the jobs topic as an audit record.
 *
 * @param id unique id
 * @param by name of the operator
 * @param request what to redrive
 * @param createdAt when it was requested
 * @param state state of the job
 * @param startedAt when it first started, null before
 * @param finishedAt when it was finished, null before
 * @param counts counts so far, null before it first started
 * @param waitingFor what the job waits for, null if nothing
 * @param checkpoint progress, from which any instance can resume
 */
public record RedriveJob(String id, String by, RedriveRequest request, Instant createdAt, State state, Instant startedAt,
        Instant finishedAt, RedriveCounts counts, String waitingFor, RedriveCheckpoint checkpoint) {

    public enum State implements Labelled {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("finished")
        FINISHED;
    }

    /** @throws NullPointerException if what every job has is missing: others may write to the topic of the jobs too */
    public RedriveJob {
        Objects.requireNonNull(id, "a job without an id");
        Objects.requireNonNull(request, "a job without a request");
        Objects.requireNonNull(createdAt, "a job without the time of its creation");
        Objects.requireNonNull(state, "a job without a state");
        Objects.requireNonNull(checkpoint, "a job without a checkpoint");
    }

    /** @param deadLetterTopics where the dead-letter topics end */
    static RedriveJob created(String id, String by, RedriveRequest request, Instant now, TopicEnds deadLetterTopics) {
        return new RedriveJob(id, by, request, now, State.QUEUED, null, null, null, null,
                RedriveCheckpoint.of(deadLetterTopics));
    }

    RedriveJob running(Instant now, RedriveCounts found, RedriveCheckpoint at) {
        return new RedriveJob(id, by, request, createdAt, State.RUNNING, startedAt == null ? now : startedAt, null, found, null,
                at);
    }

    RedriveJob stopped() {
        return new RedriveJob(id, by, request, createdAt, State.STOPPED, startedAt, null, counts, null, checkpoint);
    }

    RedriveJob finished(Instant now) {
        return new RedriveJob(id, by, request, createdAt, State.FINISHED, startedAt, now, counts, null, checkpoint);
    }

    RedriveJob waiting(String sentence) {
        return new RedriveJob(id, by, request, createdAt, state, startedAt, finishedAt, counts, sentence, checkpoint);
    }
}
