package io.orderstream.bench;

import java.time.Duration;

/**
 * What a contender measures of itself, from its first record to its last, and prints as a line at each of them. The contenders
 * that are projects of their own get a copy of this class, so that all are measured by the same code. To be used by one
 * thread at a time.
 */
public final class SelfReport {

    private long startNanos;
    private Duration startCpu;

    /** The first record is here. */
    public void started() {
        startCpu = cpu();
        startNanos = System.nanoTime();
        System.out.println("measuring");
    }

    /** The last record is done. */
    public void finished(long records, long cents, long deadLetters) {
        long nanos = System.nanoTime() - startNanos;
        System.out
                .println("measured: records=" + records + " cents=" + cents + " deadLetters=" + deadLetters + " nanos=" + nanos
                        + " cpuNanos=" + cpu().minus(startCpu).toNanos());
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
