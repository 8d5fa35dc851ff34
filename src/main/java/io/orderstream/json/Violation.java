package io.orderstream.json;

/**
 * A rule of a schema that a value breaks.
 *
 * @param path where, as a JSON pointer (RFC 6901); empty for the whole value
 * @param rule what it should be
 */
public record Violation(String path, String rule) {

    @Override
    public String toString() {
        return path.isEmpty() ? rule : path + ": " + rule;
    }
}
