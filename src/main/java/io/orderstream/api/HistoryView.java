package io.orderstream.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.history.Histories;
import io.orderstream.history.History;
import io.orderstream.history.Step;
import io.orderstream.outage.Outage;

/**
 * Response of {@code GET /api/pipelines/<name>/history}: what this instance did, as columns of the same length.
 *
 * @param stepSeconds length of a step; the last one may be shorter
 * @param time end of each step, in milliseconds since 1970
 * @param received records received in the step, and so on
 * @param average amount per processed record at the end of the step, of the partitions of this instance
 * @param inWork unfinished records at the end of the step
 * @param waiting those of them that waited for their next attempt
 * @param amounts time and amount of some processed records
 * @param outages outages in this time, also those that are not over
 */
public record HistoryView(String pipeline, int stepSeconds, List<Long> time, List<Long> received, List<Long> processed,
        List<Long> retried, List<Long> deadLettered, List<BigDecimal> average, List<Integer> inWork, List<Integer> waiting,
        List<List<Number>> amounts, List<Span> outages) {

    /** An outage, whose end is null while it lasts. */
    @Schema(name = "OutageSpan")
    public record Span(String cause, Instant since, @Nullable Instant until, String reason) {

        static Span of(Outage outage, Instant until) {
            return new Span(outage.cause().label(), outage.since(), until, outage.reason());
        }
    }

    static HistoryView of(String pipeline, History.Steps known, List<Histories.Past> past, List<Outage> now) {
        List<Step> steps = known.steps();
        Instant first = steps.isEmpty() ? Instant.MAX : steps.get(0).until();
        List<Span> outages = Stream.concat(
                past.stream().filter(each -> each.until().isAfter(first)).map(each -> Span.of(each.outage(), each.until())),
                now.stream().filter(outage -> outage.pipeline().equals(pipeline)).map(outage -> Span.of(outage, null)))
                .toList();
        return new HistoryView(pipeline, known.stepSeconds(), column(steps, step -> step.until().toEpochMilli()),
                column(steps, Step::received), column(steps, Step::processed), column(steps, Step::retried),
                column(steps, Step::deadLettered), column(steps, Step::average), column(steps, Step::inWork),
                column(steps, Step::waiting), steps.stream().flatMap(step -> amounts(step).stream()).toList(), outages);
    }

    private static <T> List<T> column(List<Step> steps, Function<Step, T> value) {
        return steps.stream().map(value).toList();
    }

    static List<List<Number>> amounts(Step step) {
        return step.amounts().stream()
                .<List<Number>> map(one -> List.of(one.at().toEpochMilli(), BigDecimal.valueOf(one.amount(), 2))).toList();
    }
}
