package io.orderstream.spool;

import java.io.IOException;

/** The spool's directory belongs to another process. */
final class SpoolInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    SpoolInUseException(String message) {
        super(message);
    }
}
