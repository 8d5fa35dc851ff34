package io.orderstream.history;

import java.time.Instant;
import java.util.List;

import io.orderstream.activity.Activity;
import io.orderstream.activity.Fate;
import io.orderstream.commit.PartitionState;
import io.orderstream.history.Step.Amount;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** A pipeline that is looked at every second. One look at a time. */
final class Observed {

    private static final int MOST_AMOUNTS = 4;

    private final RunningPipeline pipeline;
    private final History history = new History();
    private Totals counted = Totals.ZERO;
    private long retries;
    private Instant at = Instant.now();

    Observed(RunningPipeline pipeline) {
        this.pipeline = pipeline;
    }

    History history() {
        return history;
    }

    Uni<Step> look() {
        return Uni.combine().all().unis(pipeline.partitions(), pipeline.activity()).with(this::step).invoke(history::add);
    }

    private Step step(List<PartitionState> partitions, Activity activity) {
        RunningTotals totals = pipeline.totals();
        Instant now = Instant.now();
        Totals done = totals.counted().minus(counted);
        long retried = totals.retries() - retries;
        List<Amount> amounts = activity.latest().stream()
                .filter(record -> record.fate() == Fate.PROCESSED && record.at().isAfter(at)).limit(MOST_AMOUNTS)
                .map(record -> new Amount(record.at(), record.amount())).toList();
        counted = counted.plus(done);
        retries += retried;
        at = now;
        return new Step(now, done.received(), done.processed(), retried, done.deadLettered(), totals.totals().average(),
                partitions.stream().mapToInt(PartitionState::inWork).sum(), activity.waiting(), amounts);
    }
}
