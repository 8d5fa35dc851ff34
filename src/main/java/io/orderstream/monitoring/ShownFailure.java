package io.orderstream.monitoring;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.orderstream.support.LogText;

/**
 * Stands in the log for a failure whose text, or that of one of its causes, has line breaks, control characters or too many
 * characters. It prints as the failure itself does, stack trace included, except that each text is a single line. It has no
 * stack trace of its own.
 */
final class ShownFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_TEXT = 2_000;
    /** Causes of causes beyond are left out: some libraries wrap a failure at each of many steps. */
    private static final int LONGEST_CHAIN = 20;

    private final String text;

    private ShownFailure(String text, Throwable cause) {
        super(text, cause, true, true);
        this.text = text;
    }

    /**
     * Returns what is to be logged of a failure: itself if that is fit to be.
     *
     * @param isJson whether it is written as JSON, which escapes line breaks and other ASCII control characters itself
     */
    static Throwable of(Throwable failure, boolean isJson) {
        Predicate<String> isFit = isJson ? ShownFailure::isFitForJson : ShownFailure::isFit;
        return isFit(failure, isFit, 0, seen()) ? failure : copy(failure, 0, seen());
    }

    private static Set<Throwable> seen() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static boolean isFit(String text) {
        return text.length() <= LONGEST_TEXT && LogText.isClean(text);
    }

    private static boolean isFitForJson(String text) {
        return text.length() <= LONGEST_TEXT && LogText.isClean(text.replaceAll("[\\x00-\\x1f]", ""));
    }

    private static boolean isFit(Throwable failure, Predicate<String> isFit, int depth, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return true;
        }
        return depth < LONGEST_CHAIN && isFit.test(textOf(failure)) && isFit(failure.getCause(), isFit, depth + 1, seen)
                && Stream.of(failure.getSuppressed()).allMatch(other -> isFit(other, isFit, depth + 1, seen));
    }

    private static Throwable copy(Throwable failure, int depth, Set<Throwable> seen) {
        if (failure == null || depth == LONGEST_CHAIN || !seen.add(failure)) {
            return null;
        }
        ShownFailure copy = new ShownFailure(LogText.line(textOf(failure), LONGEST_TEXT),
                copy(failure.getCause(), depth + 1, seen));
        copy.setStackTrace(failure.getStackTrace());
        Stream.of(failure.getSuppressed()).map(other -> copy(other, depth + 1, seen)).filter(other -> other != null)
                .forEach(copy::addSuppressed);
        return copy;
    }

    /** A failure is somebody's code as well. */
    private static String textOf(Throwable failure) {
        try {
            return String.valueOf(failure.toString());
        } catch (RuntimeException e) {
            return failure.getClass().getName();
        }
    }

    @Override
    public String toString() {
        return text;
    }

    /** What is copied has its own. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
