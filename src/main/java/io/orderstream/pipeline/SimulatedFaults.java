package io.orderstream.pipeline;

import java.util.function.Function;

import io.orderstream.record.PoisonException;
import io.orderstream.record.RecordNotReadyException;
import io.smallrye.mutiny.Uni;

/**
 * Which orders or events fail, and how: a pure function of the id and the rate, so that the outcome of any set of ids is known
 * beforehand. Half of those that fail are transient, half poison.
 *
 * @param rate share of those that fail, 0 to 1
 */
public record SimulatedFaults(double rate) {

    private static final int MOST_FAILING_ATTEMPTS = 5;
    private static final Uni<Void> DONE = Uni.createFrom().voidItem();

    /** What kind of fault there is. */
    public enum Kind {
        NONE,
        TRANSIENT,
        POISON
    }

    /**
     * The fault of one id.
     *
     * @param kind its kind
     * @param failingAttempts for a transient fault, how many attempts fail before one succeeds, 1 to 5; otherwise 0
     */
    public record Fault(Kind kind, int failingAttempts) {

        private static final Fault NONE = new Fault(Kind.NONE, 0);
        private static final Fault POISON = new Fault(Kind.POISON, 0);

        /** Whether it ends in the totals when it is tried at most so many times. */
        public boolean isProcessedWithin(int attempts) {
            return kind == Kind.NONE || kind == Kind.TRANSIENT && failingAttempts < attempts;
        }
    }

    /**
     * One attempt: succeeds, or fails as it is to.
     *
     * @param what what has the id, such as {@code order}
     * @param attempt its number, from 1
     * @param poison makes the failure that ends the attempts
     */
    public Uni<Void> attempt(String what, String id, int attempt, Function<String, PoisonException> poison) {
        Fault fault = of(id);
        return switch (fault.kind()) {
            case NONE -> DONE;
            case POISON -> Uni.createFrom()
                    .failure(poison.apply("simulated poison: " + what + " " + id + " can never succeed"));
            case TRANSIENT -> attempt > fault.failingAttempts() ? DONE
                    : Uni.createFrom().failure(new RecordNotReadyException("simulated fault: attempt " + attempt + " of "
                            + fault.failingAttempts() + " that fail for " + what + " " + id));
        };
    }

    /** The fault of this id. */
    public Fault of(String id) {
        if (rate == 0) {
            return Fault.NONE;
        }
        long hash = hash(id);
        // The upper 53 bits, as java.util.Random does, are a number from 0 to 1.
        double position = (hash >>> 11) * 0x1.0p-53;
        if (position >= rate) {
            return Fault.NONE;
        }
        if (position >= rate / 2) {
            return Fault.POISON;
        }
        return new Fault(Kind.TRANSIENT, 1 + (int) Long.remainderUnsigned(mix(hash), MOST_FAILING_ATTEMPTS));
    }

    /** FNV-1a over the characters, then mixed: neighbouring ids such as 1001 and 1002 must not share their fate. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
