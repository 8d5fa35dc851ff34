package io.orderstream.totals;

/**
 * A name by which records are counted, within a dimension such as {@code user} or {@code item}.
 *
 * @param dimension kind of the name
 * @param value the name; empty for all names of the dimension that are not counted one by one
 */
public record CountKey(String dimension, String value) {

    /** The key under which names of this dimension are counted together. */
    CountKey others() {
        return new CountKey(dimension, "");
    }

    /** Whether this key counts the names of the dimension that are not counted one by one. */
    public boolean isOther() {
        return value.isEmpty();
    }
}
