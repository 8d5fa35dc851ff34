package io.orderstream.deadletter;

import io.orderstream.support.Labelled;

/** Why a record became a dead letter. */
public enum DeadLetterKind implements Labelled {

    /** The handler threw {@link io.orderstream.record.PoisonException}: no attempt can succeed. */
    POISON,
    /** Every attempt failed. */
    EXHAUSTED,
    /** The record's value cannot be decoded. */
    UNDECODABLE,
    /** The record could not be written to its topic. */
    UNDELIVERABLE;
}
