package io.orderstream.support;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/** An answer that is asked for at most once in an interval, however many want it: they share it. Thread safe. */
public final class SharedAnswer<T> {

    private final Duration interval;
    private final Supplier<Uni<T>> source;
    private Uni<T> latest;
    private long askedNanos;

    /** @param source is asked; its answers must come in a bounded time */
    public SharedAnswer(Duration interval, Supplier<Uni<T>> source) {
        this.interval = interval;
        this.source = source;
    }

    /** The latest answer, a failure as well, unless that was asked for longer than an interval ago. */
    public synchronized Uni<T> get() {
        // Not Uni.memoize().atLeast(): of answers that take longer than its time, it would begin a new one for all who wait.
        long now = System.nanoTime();
        if (latest == null || now - askedNanos > interval.toNanos()) {
            askedNanos = now;
            latest = Uni.createFrom().deferred(() -> source.get()).memoize().indefinitely();
        }
        return latest;
    }
}
