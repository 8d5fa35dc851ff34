package io.orderstream.guarantee;

import java.time.Duration;

/**
 * A time span, such as one without a broker.
 *
 * @param begin its begin, by {@link System#nanoTime()}: when the broker was told to end
 * @param end its end: when it was about to be started again
 */
record Outage(long begin, long end) {

    boolean covers(long nanos) {
        return begin <= nanos && nanos <= end;
    }

    Duration duration() {
        return Duration.ofNanos(end - begin);
    }
}
