package io.orderstream.deadletter;

import java.util.Locale;

/** Why a record became a dead letter. */
public enum DeadLetterKind {

    /** The handler threw {@link io.orderstream.record.PoisonException}: no attempt can succeed. */
    POISON,
    /** Every attempt failed. */
    EXHAUSTED,
    /** The record's value cannot be decoded. */
    UNDECODABLE,
    /** The record could not be written to its topic. */
    UNDELIVERABLE;

    /** The kind in lower case, as in the header. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
