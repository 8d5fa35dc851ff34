package io.orderstream.pipeline;

import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.smallrye.mutiny.Uni;

/**
 * What differs from one pipeline to the next.
 *
 * @param decoder turns bytes into a value
 * @param cents the amount a value adds to the revenue, in cents; may throw {@link PoisonException}
 * @param handler does the work; called on an event loop, must not block; {@link PoisonException} ends the attempts
 * @param label how a value is named in a log line, as key=value
 * @param breaker waits for what the handler calls
 * @param <T> type of the values
 */
public record Steps<T>(Decoder<T> decoder, ToLongFunction<T> cents, Function<Delivery<T>, Uni<Void>> handler,
        Function<T, String> label, OutageBreaker breaker) {
}
