package io.orderstream.schema;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/**
 * Tells a registry that does not know a schema from one that has lost its content: asks it for the ids it has answered last in
 * this process or, if there are none, whether it has any subject.
 * <p>
 * Thread safe, never blocks.
 */
final class RegistryContent {

    /** How many of the ids that were answered are asked for again. */
    static final int SAMPLE = 3;

    /** How long a finding is used. */
    static final Duration KEPT = Duration.ofSeconds(1);

    /** How much of its content the registry has. */
    enum State {
        /** All that was asked for, or it does not say. */
        WHOLE,
        /** Some of the ids it had answered. */
        PARTLY_LOST,
        /** Nothing. */
        LOST
    }

    /** @param reason what is missing, for {@link State#WHOLE} empty */
    record Finding(State state, String reason) {

        static final Finding WHOLE = new Finding(State.WHOLE, "");
    }

    private final IntFunction<Uni<Void>> confirm;
    private final Supplier<Uni<Void>> anySubject;
    private final LongSupplier nanoTime;

    private final Object lock = new Object();
    private final Deque<Integer> sample = new ArrayDeque<>();
    private Uni<Finding> latest;
    private boolean isAsking;
    private long latestNanos;

    /**
     * @param confirm completes if the registry knows an id, else fails as {@link RegistryClient} does
     * @param anySubject completes if it has any subject, else fails likewise
     */
    RegistryContent(IntFunction<Uni<Void>> confirm, Supplier<Uni<Void>> anySubject, LongSupplier nanoTime) {
        this.confirm = confirm;
        this.anySubject = anySubject;
        this.nanoTime = nanoTime;
    }

    /** The registry has answered this id, and is expected to know it from now on. */
    void answered(int id) {
        synchronized (lock) {
            sample.remove(id);
            sample.addLast(id);
            if (sample.size() > SAMPLE) {
                sample.removeFirst();
            }
        }
    }

    /**
     * Asks the registry, unless it has answered within the last second.
     *
     * @return fails with {@link RegistryUnavailableException} if it does not answer
     */
    Uni<Finding> find() {
        return Uni.createFrom().deferred(() -> {
            synchronized (lock) {
                if (latest == null || !isAsking && nanoTime.getAsLong() - latestNanos >= KEPT.toNanos()) {
                    isAsking = true;
                    latest = (sample.isEmpty() ? anySubject() : sampled(List.copyOf(sample)))
                            .onTermination().invoke(this::found).memoize().indefinitely();
                }
                return latest;
            }
        });
    }

    private void found() {
        synchronized (lock) {
            isAsking = false;
            latestNanos = nanoTime.getAsLong();
        }
    }

    private Uni<Finding> anySubject() {
        return anySubject.get().replaceWith(Finding.WHOLE)
                .onFailure(RegistryContent::isUnknown)
                .recoverWithItem(new Finding(State.LOST, "the schema registry is empty: it has no subjects"))
                // The right to list subjects may be missing.
                .onFailure(RegistryRejectedException.class).recoverWithItem(Finding.WHOLE);
    }

    private Uni<Finding> sampled(List<Integer> ids) {
        List<Uni<Boolean>> answers = ids.stream().map(id -> confirm.apply(id).replaceWith(true)
                .onFailure(RegistryContent::isUnknown).recoverWithItem(false)
                // It does know the id if it says anything else about it.
                .onFailure(RegistryRejectedException.class).recoverWithItem(true)).toList();
        return Uni.join().all(answers).andFailFast().map(known -> finding(ids, known));
    }

    private static Finding finding(List<Integer> ids, List<Boolean> known) {
        int lost = known.indexOf(false);
        return lost < 0 ? Finding.WHOLE
                : new Finding(known.contains(true) ? State.PARTLY_LOST : State.LOST,
                        "the schema registry has lost schemas: it does not know schema id %d any more"
                                .formatted(ids.get(lost)));
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof RegistryRejectedException rejection && rejection.isUnknown();
    }
}
