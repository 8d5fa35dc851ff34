package io.orderstream.testsupport;

import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;

/**
 * What has to become of a record.
 *
 * @param deadLetterKind as what it is dead-lettered; null if it is counted as processed
 * @param attempts the attempt that ends it; 0 if it never comes to one
 */
public record Fate(String deadLetterKind, int attempts) {

    /** That of a record nobody can read. */
    public static final Fate UNDECODABLE = new Fate("undecodable", 0);

    private static final String EXHAUSTED = "exhausted";
    /** Three retries are the default. */
    private static final int ATTEMPTS = 4;

    /** That of a record whose handler has such a fault. */
    public static Fate of(Fault fault) {
        int attempts = Math.min(fault.failingAttempts() + 1, ATTEMPTS);
        if (fault.isProcessedWithin(ATTEMPTS)) {
            return new Fate(null, attempts);
        }
        return new Fate(fault.kind() == Kind.POISON ? "poison" : EXHAUSTED, attempts);
    }

    public boolean isProcessed() {
        return deadLetterKind == null;
    }

    /** Whether it is given up only because its attempts are used up. */
    public boolean isExhausted() {
        return EXHAUSTED.equals(deadLetterKind);
    }
}
