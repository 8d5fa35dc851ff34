package io.orderstream.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows how much of a time span the machine had for the tests. A thread beats every 20 ms. By how much a beat comes
 * late, the machine stood still. Linux also tells in how much of the time something that could run waited for a
 * processor (https://docs.kernel.org/accounting/psi.html); elsewhere that is not known.
 */
final class Heartbeat {

    private static final long BEAT_NANOS = Duration.ofMillis(20).toNanos();
    private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
    private static final Pattern SOME_WAITED_MICROS = Pattern.compile("some .*total=(\\d+)");

    /** Nanoseconds from the first beat up to one. */
    private record Beat(long stoodStill, long waited) {
    }

    /** By {@link System#nanoTime()}. */
    private final ConcurrentSkipListMap<Long, Beat> beats = new ConcurrentSkipListMap<>();
    private final Path pressure;

    Heartbeat() {
        this(PRESSURE);
    }

    Heartbeat(Path pressure) {
        this.pressure = pressure;
    }

    /** Starts to beat, for as long as this JVM runs. */
    Heartbeat start() {
        beats.put(System.nanoTime(), new Beat(0, 0));
        long first = waitedNanos(0);
        Thread thread = new Thread(() -> beat(first), "heartbeat");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void beat(long first) {
        long waited = first;
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(BEAT_NANOS);
            // In this order: what is read behind a beat must not count before it.
            waited = waitedNanos(waited);
            long now = System.nanoTime();
            beats.put(now, new Beat(beats.lastEntry().getValue().stoodStill + late(now), waited - first));
        }
    }

    private long late(long now) {
        return Math.max(0, now - beats.lastKey() - BEAT_NANOS);
    }

    private long waitedNanos(long before) {
        try {
            Matcher total = SOME_WAITED_MICROS.matcher(Files.readString(pressure));
            return total.find() ? 1_000 * Long.parseLong(total.group(1)) : before;
        } catch (IOException e) {
            return before;
        }
    }

    /**
     * How long the machine was not there for the tests. Waiting for a processor counts no more than a limit: what is tested
     * needs one as well, and must not excuse itself.
     *
     * @param begin begin of the time span, by {@link System#nanoTime()}
     * @param end its end
     * @param mostWaited the limit in nanoseconds
     */
    long lostNanos(long begin, long end, long mostWaited) {
        Beat before = upTo(begin);
        Beat after = upTo(end);
        // Who has woken up before the next beat, which may have been late already when the time span began.
        long sinceThen = end > beats.lastKey() ? Math.min(late(end), end - begin) : 0;
        return after.stoodStill - before.stoodStill + sinceThen + Math.min(mostWaited, after.waited - before.waited);
    }

    private Beat upTo(long nanos) {
        return beats.floorEntry(Math.max(nanos, beats.firstKey())).getValue();
    }
}
