package io.orderstream.bench;

import java.time.Duration;

/**
 * What contender and broker have used at a moment.
 *
 * @param nanos the moment, by {@link System#nanoTime()}
 * @param cpu CPU time of the contender since its start
 * @param brokerCpu that of the broker
 * @param peakMegabytes the most memory the contender had resident; NaN where the system does not tell
 * @param gcLines lines of the contender's log of its garbage collector
 */
record Moment(long nanos, Duration cpu, Duration brokerCpu, double peakMegabytes, int gcLines) {

    static Moment of(ProcessHandle contender, ProcessHandle broker, GcLog gc) {
        return new Moment(System.nanoTime(), ProcessFigures.cpu(contender), ProcessFigures.cpu(broker),
                ProcessFigures.peakMegabytes(contender).orElse(Double.NaN), gc.lines());
    }
}
