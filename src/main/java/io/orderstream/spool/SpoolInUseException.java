package io.orderstream.spool;

import java.io.IOException;

/** Thrown if another process uses the spool's directory. */
final class SpoolInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    SpoolInUseException(String message) {
        super(message);
    }
}
