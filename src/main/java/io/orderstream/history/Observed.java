package io.orderstream.history;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.orderstream.activity.Activity;
import io.orderstream.activity.Fate;
import io.orderstream.commit.PartitionState;
import io.orderstream.history.Step.Amount;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** A pipeline that is looked at every second, one look after the other. */
final class Observed {

    private final RunningPipeline pipeline;
    private final Consumer<Histories.Look> listener;
    private final History history = new History();
    private final AtomicBoolean looking = new AtomicBoolean();
    private Totals counted = Totals.ZERO;
    private long retries;
    /** Time of the latest processed record whose amount has been seen. */
    private Instant seen = Instant.MIN;

    /** @param listener told what is seen, at each look */
    Observed(RunningPipeline pipeline, Consumer<Histories.Look> listener) {
        this.pipeline = pipeline;
        this.listener = listener;
    }

    /** Its name. */
    String pipeline() {
        return pipeline.name();
    }

    History history() {
        return history;
    }

    /** Adds what was done since the last look, unless that waits for the event loop still. Does not block. */
    void look() {
        if (looking.compareAndSet(false, true)) {
            Uni.combine().all().unis(pipeline.partitions(), pipeline.activity()).with(this::step).invoke(history::add)
                    .onTermination().invoke(() -> looking.set(false)).subscribe().with(done -> {
                    }, failure -> {
                        // The next look sees what this one has not.
                    });
        }
    }

    private Step step(List<PartitionState> partitions, Activity activity) {
        listener.accept(new Histories.Look(pipeline.name(), partitions, activity));
        RunningTotals totals = pipeline.totals();
        Instant now = Instant.now();
        Totals done = totals.counted().minus(counted);
        long retried = totals.retries() - retries;
        List<Amount> amounts = activity.latest().stream()
                .filter(record -> record.fate() == Fate.PROCESSED && record.at().isAfter(seen)).limit(Step.MOST_AMOUNTS)
                .map(record -> new Amount(record.at(), record.amount())).toList();
        seen = amounts.isEmpty() ? seen : amounts.get(0).at();
        counted = counted.plus(done);
        retries += retried;
        return new Step(now, done.received(), done.processed(), retried, done.deadLettered(), totals.totals().average(),
                partitions.stream().mapToInt(PartitionState::inWork).sum(), activity.waiting(), amounts);
    }
}
