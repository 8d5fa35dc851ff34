package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.redrive.RedriveCounts;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveRequest;

/**
 * A redrive job in responses of the API. Counts are null before it has run.
 *
 * @param id id of the job
 * @param state {@code queued}, {@code running}, {@code stopped} or {@code finished}
 * @param by name of the operator
 * @param filter filter of the request
 * @param includeRedriven whether to send dead letters again that an earlier job has sent
 * @param ratePerSecond most dead letters per second, null for no limit
 * @param limit most dead letters sent
 * @param createdAt when it was requested
 * @param startedAt when it was started
 * @param finishedAt when it was finished
 * @param matching records whose latest dead letter matches the filter
 * @param selected how many of these are to be sent or have been sent
 * @param sent dead letters whose write is confirmed
 * @param remaining dead letters still to be sent
 * @param skipped dead letters not sent, by reason
 * @param parked coordinates of the first dead letters that have reached the limit of redrives
 * @param waitingFor what the job waits for, null if nothing
 */
public record RedriveView(String id, String state, String by, DeadLetterFilter filter, boolean includeRedriven,
        Double ratePerSecond, int limit, Instant createdAt, Instant startedAt, Instant finishedAt, Integer matching,
        Integer selected, Integer sent, Integer remaining, Map<String, Integer> skipped,
        List<DeadLetterFilter.Coordinates> parked, String waitingFor) {

    static RedriveView of(RedriveJob job) {
        RedriveRequest request = job.request();
        RedriveCounts counts = job.counts();
        boolean isKnown = counts != null;
        return new RedriveView(job.id(), job.state().label(), job.by(), request.filter(), request.includeRedriven(),
                request.ratePerSecond(), request.limit(), job.createdAt(), job.startedAt(), job.finishedAt(),
                isKnown ? counts.matching() : null, isKnown ? counts.selected() : null, isKnown ? counts.sent() : null,
                isKnown ? counts.remaining() : null, isKnown ? counts.skipped() : null, isKnown ? counts.parked() : null,
                job.waitingFor());
    }
}
