package io.orderstream.guarantee;

/**
 * One call of the order handler, as the application's trace tells it.
 *
 * @param record {@code topic-partition-offset}
 * @param attempt number of the attempt, from 1
 */
record HandlerCall(String record, int attempt) {
}
