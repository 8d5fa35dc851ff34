package io.orderstream.deadletter;

import java.util.Locale;

/** Why a record became a dead letter. */
public enum DeadLetterKind {

    /** The handler said that no attempt can ever succeed. */
    POISON,
    /** Every attempt failed. */
    EXHAUSTED,
    /** Its bytes cannot be read. */
    UNDECODABLE,
    /** It could not be written to its topic. */
    UNDELIVERABLE;

    /** The kind as it stands in the header, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
