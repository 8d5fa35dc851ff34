package io.orderstream.redrive;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.orderstream.support.Labelled;

/**
 * A redrive: who wants what, and how far it is. Its last version stays in the jobs topic for ever, as the audit line.
 *
 * @param id its name, unique
 * @param by the operator
 * @param request what is wanted
 * @param createdAt when it was asked for
 * @param state where it is in its life
 * @param startedAt when it was started first, null before
 * @param finishedAt when it was finished, null before
 * @param counts what was found and done, null before it is started
 * @param waitingFor a sentence that says what holds it up, null if nothing does
 * @param checkpoint how far it is, for the instance that goes on with it
 */
public record RedriveJob(String id, String by, RedriveRequest request, Instant createdAt, State state, Instant startedAt,
        Instant finishedAt, RedriveCounts counts, String waitingFor, RedriveCheckpoint checkpoint) {

    /** The life of a job. */
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

    static RedriveJob created(String id, String by, RedriveRequest request, Instant now, RedriveCheckpoint checkpoint) {
        return new RedriveJob(id, by, request, now, State.QUEUED, null, null, null, null, checkpoint);
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
