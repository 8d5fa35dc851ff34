package io.orderstream.guarantee;

/**
 * A time without a broker, or without something else.
 *
 * @param begin when it was told to end, by {@link System#nanoTime()}
 * @param end when it was about to be started again
 */
record Outage(long begin, long end) {

    boolean covers(long nanos) {
        return begin <= nanos && nanos <= end;
    }
}
