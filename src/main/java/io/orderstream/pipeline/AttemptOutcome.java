package io.orderstream.pipeline;

/** What {@link Attempts} tells of a record, on the event loop, for {@link RecordWork} to decide what follows. */
enum AttemptOutcome {

    /** The handler has succeeded. */
    SUCCEEDED,
    /** The handler has failed; {@link InFlightRecord#lastFailure()} says of what. */
    FAILED,
    /** The handler has failed, but meanwhile the process stood still: the attempt does not count. */
    VOID,
    /** The backoff after a failure is over: another attempt may be made. */
    RETRY_DUE,
    /** The handler has failed, and there are no more retries. */
    RETRIES_EXHAUSTED
}
