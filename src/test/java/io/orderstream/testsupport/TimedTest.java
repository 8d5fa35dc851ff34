package io.orderstream.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junitpioneer.jupiter.RetryingTest;

/**
 * A test with an upper bound of time. If it fails with {@link TooLate} it is played again, twice at most, and the time
 * before is reported as skipped: what is always too slow fails, a machine that stood still once does not.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RetryingTest(maxAttempts = 3, onExceptions = TooLate.class)
public @interface TimedTest {
}
