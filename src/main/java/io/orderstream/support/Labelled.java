package io.orderstream.support;

import java.util.Locale;

/** An enum whose values are written in answers, headers, metrics and log lines. */
public interface Labelled {

    /** The name of the enum's value. */
    String name();

    /** Returns the value as it is written: its name in lower case, with a hyphen for each underscore. */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
