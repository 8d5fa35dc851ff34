package io.orderstream.pipeline;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.orderstream.outage.OutageBreaker;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.Totals;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;

/**
 * What differs from one pipeline to the next.
 *
 * @param decoder turns bytes into a value
 * @param handler does the work; called on an event loop, must not block; {@link PoisonException} ends the attempts
 * @param label how a record that was decoded is named in a log line, as key=value
 * @param breaker waits for what the handler calls
 * @param amount what a value adds to the sum of amounts; may throw {@link PoisonException}
 * @param names under which a value is counted as well; null stands for a record that was not decoded
 * @param lane gets key and value as bytes, each of which may be null, and gives what the records of one lane have in common:
 *        null for a record that is in nobody's way
 * @param summary what is said of the totals in a log line, as key=value
 * @param ids what a record belongs to, for the MDC of its log lines; the record may not have been decoded
 * @param tracing follows the records
 * @param <T> type of the values
 */
public record Steps<T>(Decoder<T> decoder, Function<Delivery<T>, Uni<Void>> handler, Function<Delivery<T>, String> label,
        OutageBreaker breaker, ToLongFunction<T> amount, Function<T, List<CountKey>> names, BinaryOperator<byte[]> lane,
        Function<Totals, String> summary, Function<Delivery<T>, Map<String, String>> ids, Tracing tracing) {

    /** Steps that count records only, with a lane for each key. */
    public static <T> Steps<T> of(Decoder<T> decoder, Function<Delivery<T>, Uni<Void>> handler,
            Function<Delivery<T>, String> label, OutageBreaker breaker) {
        return new Steps<>(decoder, handler, label, breaker, value -> 0, value -> List.of(), (key, value) -> key,
                totals -> "count=" + totals.processed(), record -> Map.of(), Tracing.OFF);
    }

    public Steps<T> withAmount(ToLongFunction<T> other) {
        return new Steps<>(decoder, handler, label, breaker, other, names, lane, summary, ids, tracing);
    }

    public Steps<T> withNames(Function<T, List<CountKey>> other) {
        return new Steps<>(decoder, handler, label, breaker, amount, other, lane, summary, ids, tracing);
    }

    public Steps<T> withLane(BinaryOperator<byte[]> other) {
        return new Steps<>(decoder, handler, label, breaker, amount, names, other, summary, ids, tracing);
    }

    public Steps<T> withSummary(Function<Totals, String> other) {
        return new Steps<>(decoder, handler, label, breaker, amount, names, lane, other, ids, tracing);
    }

    public Steps<T> withIds(Function<Delivery<T>, Map<String, String>> other) {
        return new Steps<>(decoder, handler, label, breaker, amount, names, lane, summary, other, tracing);
    }

    Steps<T> withTracing(Tracing other) {
        return new Steps<>(decoder, handler, label, breaker, amount, names, lane, summary, ids, other);
    }
}
