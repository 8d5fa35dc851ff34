package io.orderstream.pipeline;

import java.util.List;

import io.orderstream.average.Tally.Name;

/** The bytes of a record can never be read, however often it is tried: the record is dead-lettered as {@code undecodable}. */
public class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Name> names;

    public UndecodableException(String message) {
        this(message, List.of());
    }

    /** @param names under which the record is counted all the same, since so much could be read */
    public UndecodableException(String message, List<Name> names) {
        super(message);
        this.names = names;
    }

    public UndecodableException(String message, Throwable cause) {
        super(message, cause);
        this.names = List.of();
    }

    List<Name> names() {
        return names;
    }
}
