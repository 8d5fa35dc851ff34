package io.orderstream.event;

/** The stages of validation, in their order. An event is rejected by the first it does not pass. */
public enum Stage {
    /** The bytes are JSON. */
    JSON("not JSON"),
    /** The envelope is as its schema has it. */
    ENVELOPE("envelope"),
    /** There is a schema for the type. */
    TYPE("unknown type"),
    /** Its major version is known. */
    VERSION("unsupported version"),
    /** The payload is as the schema of type and version has it. */
    PAYLOAD("payload");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** Begins the reason of a dead letter. */
    public String label() {
        return label;
    }
}
