package io.orderstream.bench;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sum of all orders, and how many became dead letters. Thread safe. Contenders of several threads get a copy of this class.
 */
public final class Sales {

    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicLong cents = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final AtomicLong orders = new AtomicLong();
    private final SelfReport report = new SelfReport();
    private final long expected = Long.parseLong(System.getenv("BENCH_RECORDS"));

    /** There is an order. */
    public void received() {
        if (!begun.get() && begun.compareAndSet(false, true)) {
            report.started();
        }
    }

    /** An order is processed. */
    public void processed(float price) {
        cents.addAndGet(Math.round(price * 100.0));
        count();
    }

    /** An order is a dead letter. */
    public void deadLettered() {
        deadLetters.incrementAndGet();
        count();
    }

    private void count() {
        if (orders.incrementAndGet() == expected) {
            report.finished(expected, cents.get(), deadLetters.get());
        }
    }
}
