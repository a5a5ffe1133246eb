package io.servicebreaker.spring.aop;

import org.jspecify.annotations.Nullable;

/** Asks answers how far they are to be trusted, by {@code confidence}. */
final class Confidence {

    private final ArgumentExpression expression;

    Confidence(ArgumentExpression expression) {
        this.expression = expression;
    }

    /** From 0 to 1, or null if the answer does not tell. */
    @Nullable
    Double of(@Nullable Object[] arguments, @Nullable Object result) {
        return expression.read(arguments, result, Confidence::checked);
    }

    private static Double checked(Object value) {
        if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("not a number from 0 to 1: " + value);
    }
}
