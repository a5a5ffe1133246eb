package io.servicebreaker.sample.simulator;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A field of a control request is missing, unknown or has a value that is not allowed. */
final class InvalidFieldException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;
    private final @Nullable String value;
    private final String allowed;

    private InvalidFieldException(String complaint, String field, @Nullable String value, String allowed) {
        super(complaint + "; allowed: " + allowed);
        this.field = field;
        this.value = value;
        this.allowed = allowed;
    }

    static InvalidFieldException wrong(String field, String value, String allowed) {
        return new InvalidFieldException(
                "The field '" + field + "' must not be '" + value + "'", field, value, allowed);
    }

    static InvalidFieldException missing(String field, String allowed) {
        return new InvalidFieldException("The field '" + field + "' is missing", field, null, allowed);
    }

    static InvalidFieldException unknown(String field, String value, String allowed) {
        return new InvalidFieldException("There is no field '" + field + "'", field, value, allowed);
    }

    String field() {
        return field;
    }

    @Nullable
    String value() {
        return value;
    }

    String allowed() {
        return allowed;
    }
}
