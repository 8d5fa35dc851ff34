package io.orderstream.api;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.history.Step;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Event {@code tick} of {@code GET /api/pipelines/<name>/stream}.
 *
 * @param steps the last seconds of the history, as in {@link HistoryView}, so that a lost event leaves no gap
 * @param totals totals of the partitions of this instance
 * @param retries attempts beyond the first since this instance started
 * @param group totals of the consumer group as of its last commits, null while the broker does not answer
 * @param lag sum of the lags of the partitions, null while the broker does not answer
 * @param partitions the partitions of this instance
 */
@RegisterForReflection
public record TickView(List<Second> steps, OrderStats.Group totals, long retries, @Nullable OrderStats.Group group,
        @Nullable Long lag,
        List<PipelineFigures.Partition> partitions) {

    /** One second of the history. */
    @RegisterForReflection
    @Schema(name = "PipelineSecond")
    public record Second(long time, long received, long processed, long retried, long deadLettered, BigDecimal average,
            int inWork, int waiting, List<List<Number>> amounts) {

        static Second of(Step step) {
            return new Second(step.until().toEpochMilli(), step.received(), step.processed(), step.retried(),
                    step.deadLettered(), step.average(), step.inWork(), step.waiting(), HistoryView.amounts(step));
        }
    }

    static TickView of(PipelineFigures figures, List<Step> steps) {
        List<Long> lags = figures.partitions().stream().map(PipelineFigures.Partition::lag).toList();
        return new TickView(steps.stream().map(Second::of).toList(), OrderStats.Group.of(figures.totals()), figures.retries(),
                figures.group() == null ? null : OrderStats.Group.of(figures.group().totals()),
                lags.stream().anyMatch(Objects::isNull) ? null : Long.valueOf(lags.stream().mapToLong(Long::longValue).sum()),
                figures.partitions());
    }
}
