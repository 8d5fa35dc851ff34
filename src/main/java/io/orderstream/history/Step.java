package io.orderstream.history;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a pipeline of this instance did in a span of time.
 *
 * @param until end of the span
 * @param received records taken from its topic
 * @param processed records whose handler succeeded
 * @param retried attempts beyond the first
 * @param deadLettered records written to the dead-letter topic
 * @param average amount per processed record at the end, since the beginning of the topic
 * @param inWork unfinished records at the end
 * @param waiting those of them that waited for their next attempt
 * @param amounts amounts of some of the processed records
 */
public record Step(Instant until, long received, long processed, long retried, long deadLettered, BigDecimal average,
        int inWork, int waiting, List<Amount> amounts) {

    /** More points are not told apart in a chart. */
    static final int MOST_AMOUNTS = 4;

    /** What a record added to the sum of its pipeline. */
    public record Amount(Instant at, long amount) {
    }

    /** Both spans as one. */
    Step then(Step next) {
        return new Step(next.until, received + next.received, processed + next.processed, retried + next.retried,
                deadLettered + next.deadLettered, next.average, next.inWork, next.waiting,
                Stream.concat(amounts.stream().limit(MOST_AMOUNTS / 2), next.amounts.stream()).limit(MOST_AMOUNTS).toList());
    }
}
