package io.orderstream.testsupport;

import java.io.IOException;

/** What the MBean server offers of a {@link TestRun}. */
public interface TestRunMBean {

    /** {@link Heartbeat#lostNanos}. */
    long lostNanos(long begin, long end, long mostWaited);

    /** Where clients connect to the broker of this JVM, which is started if it does not run yet. */
    String bootstrapServers();

    /** Notes that a {@link TimedTest} is played again. */
    void replayed(String test);

    /** Tells what was played again, and stops the broker. */
    void end() throws IOException;
}
