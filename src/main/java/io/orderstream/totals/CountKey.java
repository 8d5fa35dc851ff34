package io.orderstream.totals;

import java.util.Objects;

/**
 * A name by which records are counted, within a dimension such as {@code user} or {@code item}. Both are text that UTF-8 can
 * hold, since they are committed in it: a lone surrogate would be another name after a restart.
 *
 * @param dimension kind of the name
 * @param value the name; empty for all names of the dimension that are not counted one by one
 */
public record CountKey(String dimension, String value) {

    /** @throws IllegalArgumentException if one of them is no text in UTF-8 */
    public CountKey {
        requireText(Objects.requireNonNull(dimension, "a count key has no dimension"));
        requireText(Objects.requireNonNull(value, "a count key has no value"));
    }

    private static void requireText(String text) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (Character.isSurrogate(unit)) {
                if (at + 1 == text.length() || !Character.isSurrogatePair(unit, text.charAt(at + 1))) {
                    throw new IllegalArgumentException(
                            "a count key has a lone surrogate at character " + at + ", which is no text in UTF-8");
                }
                at++;
            }
        }
    }

    /** The key under which names of this dimension are counted together. */
    CountKey others() {
        return new CountKey(dimension, "");
    }

    /** Whether this key counts the names of the dimension that are not counted one by one. */
    public boolean isOther() {
        return value.isEmpty();
    }
}
