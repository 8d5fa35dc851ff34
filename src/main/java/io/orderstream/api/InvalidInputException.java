package io.orderstream.api;

/** Something in a request breaks its rule. The caller is told which field, which rule and which value. */
final class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;
    private final String value;

    /**
     * @param field name of the field or parameter
     * @param rule what it must be, such as {@code a whole number from 1 to 1000}
     * @param value what it is
     */
    InvalidInputException(String field, String rule, String value) {
        super(field + " must be " + rule + ", but is '" + value + "'");
        this.field = field;
        this.rule = rule;
        this.value = value;
    }

    String field() {
        return field;
    }

    String rule() {
        return rule;
    }

    String value() {
        return value;
    }
}
