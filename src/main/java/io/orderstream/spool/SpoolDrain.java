package io.orderstream.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;

/** Empties the spool on a thread of its own, as soon as the broker answers. */
final class SpoolDrain {

    private static final Logger LOG = Logger.getLogger(SpoolDrain.class);
    private static final long TRY_AGAIN_MILLIS = 1000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final SpoolSender sender;
    private final IntConsumer onSent;
    private final Semaphore work = new Semaphore(1);
    private final Thread thread = DaemonThreads.named("spool-drain", this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private long sent;
    private String waitsFor;

    /** @param onSent called on the drain's thread with the number of entries sent */
    SpoolDrain(SpoolSender sender, IntConsumer onSent) {
        this.sender = sender;
        this.onSent = onSent;
    }

    SpoolDrain start() {
        thread.start();
        return this;
    }

    /** Call when entries have been added. Thread safe. */
    void wakeUp() {
        work.release();
    }

    private void run() {
        try (sender) {
            while (closing.getCount() > 0) {
                work.acquire();
                work.drainPermits();
                drain();
            }
        } catch (InterruptedException | InterruptException e) {
            // closing
        }
    }

    private void drain() throws InterruptedException {
        while (closing.getCount() > 0) {
            try {
                int count = sender.sendNext();
                if (count == 0) {
                    empty();
                    return;
                }
                sent += count;
                waitsFor = null;
                onSent.accept(count);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException | IOException e) {
                waits(e);
            }
        }
    }

    private void empty() {
        if (sent > 0) {
            LOG.infof("spool drained: entries=%d", sent);
        }
        sent = 0;
        // The clients are not needed until the next outage.
        sender.close();
    }

    private void waits(Exception failure) throws InterruptedException {
        String reason = failure.getClass().getSimpleName() + ": " + Failures.reason(failure);
        if (waitsFor == null) {
            LOG.infof("spool waits to be drained: reason=\"%s\"", reason);
        } else if (!reason.equals(waitsFor)) {
            LOG.debugf("spool waits to be drained: reason=\"%s\"", reason);
        }
        waitsFor = reason;
        // Not on the semaphore: new entries must not shorten the delay.
        closing.await(TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Interrupts the thread and waits up to 5 s. The next start determines the outcome of a batch being sent. */
    void close() {
        closing.countDown();
        thread.interrupt();
        DaemonThreads.join(thread, CLOSE_TIMEOUT);
    }
}
