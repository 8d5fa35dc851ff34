package io.orderstream.record;

import java.util.List;

import io.orderstream.totals.CountKey;

/** Thrown if the value of a record can never be decoded: the record is dead-lettered as {@code undecodable}. */
public class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<CountKey> names;

    public UndecodableException(String message) {
        this(message, List.of());
    }

    /** @param names names to count the record by, as far as they could be read */
    public UndecodableException(String message, List<CountKey> names) {
        super(message);
        this.names = names;
    }

    public UndecodableException(String message, Throwable cause) {
        super(message, cause);
        this.names = List.of();
    }

    public List<CountKey> names() {
        return names;
    }
}
