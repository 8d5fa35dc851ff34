package io.orderstream.bench;

import java.time.Duration;

/**
 * What a contender measures of itself, from its first record to its last, and prints as one line. The textbook
 * application gets a copy of this class, so that both are measured by the same code. To be used by one thread at a
 * time.
 */
public final class SelfReport {

    private long startNanos;
    private Duration startCpu;

    /** The first record is here. */
    public void started() {
        startCpu = cpu();
        startNanos = System.nanoTime();
    }

    /** The last record is done. */
    public void finished(long records, long cents) {
        long nanos = System.nanoTime() - startNanos;
        System.out.println("measured: records=" + records + " cents=" + cents + " nanos=" + nanos + " cpuNanos="
                + cpu().minus(startCpu).toNanos());
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
