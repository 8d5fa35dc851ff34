package io.orderstream.testsupport;

import java.time.Duration;

/**
 * Something took longer than it may. That can be the machine's fault, if it stands still for seconds: a {@link TimedTest} is
 * played again for this failure, and for no other.
 */
public final class TooLate extends AssertionError {

    private static final long serialVersionUID = 1;

    public TooLate(String message) {
        super(message);
    }

    public TooLate(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Holds a duration against what it may be at most.
     *
     * @param what what took so long
     * @throws TooLate if it is longer
     */
    public static void check(String what, Duration took, Duration most) {
        if (took.compareTo(most) > 0) {
            throw new TooLate(what + " took " + took + ", at most " + most + " are allowed");
        }
    }
}
