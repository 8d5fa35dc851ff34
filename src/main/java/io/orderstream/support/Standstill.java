package io.orderstream.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

/**
 * Notices when this process does not run: it is stopped, its machine is suspended, or the JVM collects garbage. A call that
 * was under way meanwhile times out as soon as the process goes on, and that says nothing of who was called. Thread safe.
 */
@Singleton
public class Standstill {

    private static final Logger LOG = Logger.getLogger(Standstill.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** So late no thread is that has merely waited for a processor. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final CountDownLatch closing = new CountDownLatch(1);
    private long lookedNanos;
    private boolean hasStood;
    private long endNanos;

    @Inject
    Standstill() {
        this(System::nanoTime);
    }

    /**
     * One that is not looked at in the background.
     *
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    public Standstill(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lookedNanos = nanoTime.getAsLong();
    }

    @PostConstruct
    void start() {
        DaemonThreads.named("standstill", () -> {
            try {
                while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }).start();
    }

    @PreDestroy
    void stop() {
        closing.countDown();
    }

    /** Looks at the clock. To be called at short intervals: the process has stood still if it is called late. */
    synchronized void look() {
        long now = nanoTime.getAsLong();
        Duration sinceLast = Duration.ofNanos(now - lookedNanos);
        lookedNanos = now;
        if (sinceLast.compareTo(INTERVAL.plus(LATE)) > 0) {
            hasStood = true;
            endNanos = now;
            LOG.warnf("stood still: seconds=%.1f", sinceLast.toMillis() / (double) Duration.ofSeconds(1).toMillis());
        }
    }

    /**
     * Whether the process has stood still for a second or more since a time. What took less than that is never said to have
     * been under way meanwhile, also if only the thread that looks was late.
     *
     * @param nanos the time, by {@link System#nanoTime()}
     */
    public synchronized boolean isSince(long nanos) {
        // Who asks may be the first to run again.
        look();
        return hasStood && endNanos - nanos >= LATE.toNanos();
    }
}
