package io.orderstream.support;

/** Describes failures in headers, log lines and answers. */
public final class Failures {

    private Failures() {
    }

    /** Returns the message of a failure, or the name of its class if it has none: the text SmallRye writes for it. */
    public static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
