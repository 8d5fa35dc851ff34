package io.orderstream.event;

import java.util.List;
import java.util.stream.Collectors;

import io.orderstream.json.Violation;
import io.orderstream.record.UndecodableException;

/** An event has not passed a stage of validation, and never will. */
public class InvalidEventException extends UndecodableException {

    private static final long serialVersionUID = 1L;

    private final Stage stage;
    private final transient List<Violation> violations;

    /** @param type what the event says its type is, null if that could not be read or is not known */
    InvalidEventException(Stage stage, String type, List<Violation> violations) {
        super(stage.label() + ": " + violations.stream().map(Violation::toString).collect(Collectors.joining("; ")),
                List.of(EventTypes.name(type)));
        this.stage = stage;
        this.violations = violations;
    }

    /** The stage that has rejected it. */
    public Stage stage() {
        return stage;
    }

    /** What is wrong with it, at least one thing. */
    public List<Violation> violations() {
        return violations;
    }
}
