package io.orderstream.testsupport;

/** What the MBean server offers of a {@link TestRun}. */
public interface TestRunMBean {

    /** {@link Heartbeat#lostNanos}. */
    long lostNanos(long begin, long end, long mostWaited);

    /** Where clients connect to the broker of this JVM, which is started if it does not run yet. */
    String bootstrapServers();
}
