package io.orderstream.guarantee;

import io.orderstream.testsupport.FulfilmentServer.Call;

/**
 * A call the endpoint has answered.
 *
 * @param call what came
 * @param status what was answered, or {@link #TOO_LATE}: the caller cannot know then that the order was taken
 */
record EndpointCall(Call call, int status) {

    static final int TOO_LATE = 0;

    private static final int UNPROCESSABLE = 422;

    /** The order's record, {@code topic-partition-offset}: the key without its time. */
    String record() {
        return call.idempotencyKey().replaceFirst("\\.\\d+$", "");
    }

    long nanos() {
        return call.nanos();
    }

    /** Whether the order needs no other call: it was taken, or never will be. */
    boolean isLast() {
        return status / 100 == 2 || status == UNPROCESSABLE;
    }
}
