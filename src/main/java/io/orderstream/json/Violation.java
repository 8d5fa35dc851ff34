package io.orderstream.json;

/**
 * A violation of a schema by a value.
 *
 * @param path location in the value, as a JSON pointer (RFC 6901); empty for the whole value
 * @param rule what the value there should be
 */
public record Violation(String path, String rule) {

    @Override
    public String toString() {
        return path.isEmpty() ? rule : path + ": " + rule;
    }
}
