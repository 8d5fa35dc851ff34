package io.orderstream.redrive;

/** Thrown to leave a run between two sends, since it is to stop or this instance has lost the leadership. */
final class RedriveAbandonedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedriveAbandonedException() {
        super("the run is to end", null, false, false);
    }
}
