package io.orderstream.totals;

/**
 * A name under which records are counted, beside all others of its dimension.
 *
 * @param dimension what is named, such as {@code user}
 * @param value the name
 */
public record CountKey(String dimension, String value) {

    /** The key of all names of the dimension that have no room of their own. */
    CountKey others() {
        return new CountKey(dimension, "");
    }

    /** Whether it stands for all names of the dimension that have no room of their own. */
    public boolean isOther() {
        return value.isEmpty();
    }
}
