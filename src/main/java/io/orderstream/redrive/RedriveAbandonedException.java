package io.orderstream.redrive;

/** Ends what a run is doing, between two of its sends: it is to stop, or this instance does not lead any more. */
final class RedriveAbandonedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedriveAbandonedException() {
        super("the run is to end", null, false, false);
    }
}
