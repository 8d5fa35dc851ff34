package io.orderstream.tracker;

import java.util.List;
import java.util.stream.Collectors;

import io.orderstream.json.Violation;
import io.orderstream.record.UndecodableException;

/** Bytes are no item order: says which field breaks which rule. */
public class InvalidItemOrderException extends UndecodableException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidItemOrderException(List<Violation> violations) {
        super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
        this.violations = violations;
    }

    /** What is wrong with it, at least one thing. */
    public List<Violation> violations() {
        return violations;
    }
}
