package io.servicebreaker.spring.aop;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.UnacceptableResultException;
import org.jspecify.annotations.Nullable;

/** Judges answers by {@code acceptResult}. */
final class Acceptance {

    private final ArgumentExpression expression;
    private final InternalFaults faults;

    Acceptance(ArgumentExpression expression, InternalFaults faults) {
        this.expression = expression;
        this.faults = faults;
    }

    /** Why the answer is not good enough, or null if it is or nobody can tell. */
    @Nullable
    UnacceptableResultException objection(@Nullable Object[] arguments, @Nullable Object result) {
        try {
            Object verdict = expression.value(arguments, result);
            if (verdict instanceof Boolean good) {
                return good ? null : new UnacceptableResultException("The answer does not satisfy " + expression);
            }
            throw new IllegalArgumentException("neither true nor false: " + verdict);
        } catch (RuntimeException | Error e) {
            faults.record("expression acceptResult = \"" + expression + "\"", e);
            return null;
        }
    }
}
