package io.orderstream.deadletter;

import io.orderstream.support.Labelled;

/** Why a record became a dead letter. */
public enum DeadLetterKind implements Labelled {

    /** The handler said that no attempt can ever succeed. */
    POISON,
    /** Every attempt failed. */
    EXHAUSTED,
    /** Its bytes cannot be read. */
    UNDECODABLE,
    /** It could not be written to its topic. */
    UNDELIVERABLE;
}
