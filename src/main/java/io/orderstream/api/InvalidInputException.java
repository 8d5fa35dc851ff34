package io.orderstream.api;

/** Thrown if a field or parameter of a request is invalid; mapped to status 400 with field, rule and value. */
final class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient InvalidInput answer;

    /**
     * The body of the answer.
     *
     * @param field name of the field or parameter
     * @param rule description of a valid value, such as {@code a whole number from 1 to 1000}
     * @param value the invalid value
     */
    public record InvalidInput(String field, String rule, String value, String message) {
    }

    InvalidInputException(String field, String rule, String value) {
        super(field + " must be " + rule + ", but is '" + value + "'");
        this.answer = new InvalidInput(field, rule, value, getMessage());
    }

    InvalidInput answer() {
        return answer;
    }
}
