package io.orderstream.support;

import java.util.regex.Pattern;

/**
 * Describes failures in headers, log lines and answers. A failure may be of a class of somebody else: whatever its
 * methods throw is caught.
 */
public final class Failures {

    private static final int LONGEST_BRIEF = 300;
    private static final Pattern BLANK_OR_UNFIT = Pattern.compile("[\\s\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private Failures() {
    }

    /** Returns the message of a failure, or the name of its class if it has none: the text SmallRye writes for it. */
    public static String message(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? failure.toString() : message;
        } catch (Throwable e) {
            return unreadable(failure);
        }
    }

    /** Returns class and message of a failure in one line of limited length, for a log line about it. */
    public static String brief(Throwable failure) {
        String text;
        try {
            text = oneLine(failure.toString());
        } catch (Throwable e) {
            text = unreadable(failure);
        }
        return text.length() <= LONGEST_BRIEF ? text : text.substring(0, LONGEST_BRIEF) + "...";
    }

    /**
     * Returns a failure that can be given to code that reads its message and its cause.
     *
     * @return the failure itself, unless one of its methods throws; then one that names its class
     */
    public static Throwable readable(Throwable failure) {
        try {
            for (Throwable each = failure; each != null; each = each == failure ? each.getCause() : null) {
                if (each.getMessage() == null) {
                    each.toString();
                }
            }
            return failure;
        } catch (Throwable e) {
            return new IllegalStateException(unreadable(failure));
        }
    }

    private static String unreadable(Throwable failure) {
        return failure.getClass().getName() + ", whose message cannot be read";
    }

    /** Returns {@link #message} as a single line of bounded length, for answers, health and spans. */
    public static String shown(Throwable failure) {
        return LogText.line(message(failure));
    }

    /** Returns {@link #message} as it stands between the quotes of {@code reason="..."} in a log line. */
    public static String reason(Throwable failure) {
        return LogText.quoted(message(failure));
    }

    /** Returns a text of others, such as an answer's, with a blank for each run of white space and control characters. */
    public static String oneLine(String text) {
        return BLANK_OR_UNFIT.matcher(text).replaceAll(" ");
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
