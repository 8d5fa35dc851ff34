package io.orderstream.guarantee;

/**
 * One call of a handler, as the application's trace tells it, or the rejection of a record that does not come to one.
 *
 * @param record {@code topic-partition-offset}
 * @param attempt number of the attempt, from 1; 0 for a rejection
 */
record HandlerCall(String record, int attempt) {

    boolean isRejection() {
        return attempt == 0;
    }
}
