package io.servicebreaker.spring.aop;

import io.servicebreaker.call.UnacceptableResultException;
import org.jspecify.annotations.Nullable;

/** Judges answers by {@code acceptResult}. */
final class Acceptance {

    private final ArgumentExpression expression;

    Acceptance(ArgumentExpression expression) {
        this.expression = expression;
    }

    /** Why the answer is not good enough, or null if it is or nobody can tell. */
    @Nullable
    UnacceptableResultException objection(@Nullable Object[] arguments, @Nullable Object result) {
        Boolean good = expression.read(arguments, result, Acceptance::verdict);
        return good == null || good
                ? null
                : new UnacceptableResultException("The answer does not satisfy " + expression);
    }

    private static Boolean verdict(Object value) {
        if (value instanceof Boolean good) {
            return good;
        }
        throw new IllegalArgumentException("neither true nor false: " + value);
    }
}
