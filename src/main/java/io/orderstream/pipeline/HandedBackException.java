package io.orderstream.pipeline;

/**
 * The record is not this instance's any more: its partition was revoked or the application stops. It is neither counted nor
 * dead-lettered; whoever reads the partition next handles it from the first attempt.
 */
final class HandedBackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HandedBackException() {
        super("handed back", null, false, false);
    }
}
