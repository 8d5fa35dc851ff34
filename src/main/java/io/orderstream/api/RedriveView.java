package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.redrive.LeftOutDeadLetter;
import io.orderstream.redrive.RedriveCounts;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveRequest;

/**
 * A {@link RedriveJob} in responses of the API, with its {@link RedriveRequest} and its {@link RedriveCounts}, which are null
 * before it has run.
 */
public record RedriveView(String id, RedriveJob.State state, String by, @JsonUnwrapped RedriveRequest request,
        Instant createdAt, @Nullable Instant startedAt, @Nullable Instant finishedAt, @Nullable Integer matching,
        @Nullable Integer selected, @Nullable Integer sent, @Nullable Integer remaining, @Nullable Map<String, Integer> skipped,
        @Nullable List<DeadLetterFilter.Coordinates> parked, @Nullable List<LeftOutDeadLetter> leftOut,
        @Nullable String waitingFor) {

    static RedriveView of(RedriveJob job) {
        RedriveCounts counts = job.counts();
        boolean isKnown = counts != null;
        return new RedriveView(job.id(), job.state(), job.by(), job.request(), job.createdAt(), job.startedAt(),
                job.finishedAt(),
                isKnown ? counts.matching() : null, isKnown ? counts.selected() : null, isKnown ? counts.sent() : null,
                isKnown ? counts.remaining() : null, isKnown ? counts.skipped() : null, isKnown ? counts.parked() : null,
                isKnown ? counts.leftOut() : null, job.waitingFor());
    }
}
