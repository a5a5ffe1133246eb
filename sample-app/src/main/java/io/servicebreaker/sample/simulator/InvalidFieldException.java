package io.servicebreaker.sample.simulator;

import java.io.Serial;

/** A field of a control request has a value that is not allowed. */
final class InvalidFieldException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String allowed;

    InvalidFieldException(String field, String value, String allowed) {
        super("The field '" + field + "' must not be " + value + "; allowed: " + allowed);
        this.field = field;
        this.value = value;
        this.allowed = allowed;
    }

    String field() {
        return field;
    }

    String value() {
        return value;
    }

    String allowed() {
        return allowed;
    }
}
