package io.orderstream.support;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Repeats something at intervals. */
public final class Ticks {

    private Ticks() {
    }

    /**
     * Takes a step at each interval, beginning at once, never two at the same time: while a step takes longer than the
     * interval, ticks are left out. The step is asked for on a worker thread.
     *
     * @param step makes one step; if it fails, so does the stream
     * @return what the steps give, null left out
     */
    public static <T> Multi<T> every(Duration interval, Supplier<Uni<T>> step) {
        return Multi.createFrom().ticks().every(interval).onOverflow().drop()
                .onItem().transformToUniAndConcatenate(tick -> step.get());
    }
}
