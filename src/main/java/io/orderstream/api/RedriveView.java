package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.redrive.RedriveCounts;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveRequest;

/**
 * A redrive job as the API shows it. What is not known before it runs is null.
 *
 * @param id its name
 * @param state {@code queued}, {@code running}, {@code stopped} or {@code finished}
 * @param by the operator
 * @param filter which letters were asked for
 * @param includeRedriven whether letters an earlier job has sent are sent once more
 * @param ratePerSecond letters per second at the most, null for no such limit
 * @param limit letters at the most
 * @param createdAt when it was asked for
 * @param startedAt when it was started
 * @param finishedAt when it was finished
 * @param matching letters the filter selects, the last of each record only
 * @param selected those of them that are sent, or have been
 * @param sent letters whose write is confirmed
 * @param remaining letters that are still to be sent
 * @param skipped letters that are not sent, by reason
 * @param parked coordinates of the first letters that may not be redriven any more
 * @param waitingFor what holds it up
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
