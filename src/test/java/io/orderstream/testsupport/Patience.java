package io.orderstream.testsupport;

import java.time.Duration;

/**
 * How long a test waits for what has to happen. It only ends a test that hangs: a test that passes never waits for so
 * long, and no guarantee is judged by it. Bounds of time that a test is about are checked by {@link TooLate}.
 */
public final class Patience {

    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private Patience() {
    }
}
