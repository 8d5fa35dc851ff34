package io.orderstream.support;

/** Describes failures in headers, log lines and answers. */
public final class Failures {

    private Failures() {
    }

    /** Returns the message of a failure, or the name of its class if it has none: the text SmallRye writes for it. */
    public static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Returns a text of others, such as a header's, with a blank for each run of white space and control characters. */
    public static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }

    /** Returns the innermost cause of a failure, or the failure itself if it has none. */
    public static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
