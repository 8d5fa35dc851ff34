package io.orderstream.testsupport;

import java.time.Duration;

/**
 * Something took longer than it may. That can be the machine's fault: the time it was not there for the tests is left
 * out ({@link TestRun#lost}), and a {@link TimedTest} is played again for this failure, and for no other.
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
     * Holds the time that has just passed against what it may be at most.
     *
     * @param what what took so long
     * @param took how long it took, up to now
     * @throws TooLate if it is longer, even without the time the machine was not there
     */
    public static void check(String what, Duration took, Duration most) {
        long now = System.nanoTime();
        check(what, now - took.toNanos(), now, most);
    }

    /**
     * The same for a time span of the past.
     *
     * @param begin its begin, by {@link System#nanoTime()}
     * @param end its end
     */
    public static void check(String what, long begin, long end, Duration most) {
        if (isTooLong(begin, end, most)) {
            throw new TooLate(what + " took " + Duration.ofNanos(end - begin) + ", of which the machine was not there for "
                    + TestRun.lost(begin, end, most) + "; at most " + most + " are allowed");
        }
    }

    /** Whether a time span is longer than it may be, even without the time the machine was not there. */
    public static boolean isTooLong(long begin, long end, Duration most) {
        Duration took = Duration.ofNanos(end - begin);
        return took.compareTo(most) > 0 && took.minus(TestRun.lost(begin, end, most)).compareTo(most) > 0;
    }
}
