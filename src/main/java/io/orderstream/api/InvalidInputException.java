package io.orderstream.api;

import io.orderstream.web.Problem;

/** Thrown if a field or parameter of a request is invalid; mapped to status 400 with field, rule and value. */
public final class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;
    private final String value;

    /**
     * @param field name of the field or parameter
     * @param rule description of a valid value, such as {@code a whole number from 1 to 1000}
     * @param value the invalid value
     */
    public InvalidInputException(String field, String rule, String value) {
        super(Problem.shown(field) + " must be " + rule + ", but is '" + Problem.shown(value) + "'");
        this.field = Problem.shown(field);
        this.rule = rule;
        this.value = Problem.shown(value);
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
