package io.orderstream.bench;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long orders took from the moment they were due to be written, in steps of one per cent. Thread safe. The contenders
 * that are projects of their own get a copy of this class.
 */
public final class Latencies {

    private static final double STEP = Math.log(1.01);
    private static final int STEPS = 2_000;
    private static final double MILLI_MICROS = 1_000;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS);
    private final AtomicLong seen = new AtomicLong();
    private final long expected;

    /** @param expected after so many orders they are printed */
    public Latencies(long expected) {
        this.expected = expected;
    }

    /** Null if the benchmark does not ask for them. */
    public static Latencies ifAsked() {
        return System.getenv("BENCH_LATENCIES") == null ? null : new Latencies(Long.parseLong(System.getenv("BENCH_RECORDS")));
    }

    /** An order is processed. */
    public void add(String orderId) {
        OrderId id = OrderId.of(orderId);
        if (id.isTimed()) {
            double step = Math.log(Math.max(1, OrderId.nowMicros() - id.micros())) / STEP;
            counts.incrementAndGet((int) Math.min(STEPS - 1, step));
        }
        if (seen.incrementAndGet() == expected) {
            System.out.println("latencies: " + this);
        }
    }

    private double millis(double share) {
        long all = 0;
        for (int i = 0; i < STEPS; i++) {
            all += counts.get(i);
        }
        long left = (long) Math.ceil(all * share);
        int step = 0;
        while (step < STEPS - 1 && left - counts.get(step) > 0) {
            left -= counts.get(step++);
        }
        return Math.exp((step + 1) * STEP) / MILLI_MICROS;
    }

    /** The percentiles the benchmark shows, in milliseconds. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50=%.3f p99=%.3f p999=%.3f", millis(0.5), millis(0.99), millis(0.999));
    }
}
