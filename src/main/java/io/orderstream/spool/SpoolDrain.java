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

    /** @param onSent called on the drain's thread with the number of entries that have left the spool */
    SpoolDrain(SpoolSender sender, IntConsumer onSent) {
        this.sender = sender;
        this.onSent = onSent;
    }

    SpoolDrain start() {
        thread.start();
        return this;
    }

    /** To be called when there is something to be sent. May be called on any thread. */
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
        // Until the next outage nobody needs them.
        sender.close();
    }

    private void waits(Exception failure) throws InterruptedException {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        if (waitsFor == null) {
            LOG.infof("spool waits to be drained: reason=\"%s\"", reason);
        } else if (!reason.equals(waitsFor)) {
            LOG.debugf("spool waits to be drained: reason=\"%s\"", reason);
        }
        waitsFor = reason;
        // New entries are no reason to try earlier.
        closing.await(TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends at once. What has become of a batch that was being sent is found out at the next start. */
    void close() {
        closing.countDown();
        thread.interrupt();
        DaemonThreads.join(thread, CLOSE_TIMEOUT);
    }
}
