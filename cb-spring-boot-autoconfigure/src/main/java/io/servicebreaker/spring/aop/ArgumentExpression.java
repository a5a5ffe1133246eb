package io.servicebreaker.spring.aop;

import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * A SpEL expression over the arguments of a call and, once there is one, its result. Safe for use by many threads.
 *
 * <p>It sees nothing else: no types, no constructors, no beans, no assignment.
 */
final class ArgumentExpression {

    private final SpelExpression expression;
    private final ArgumentNames names;

    ArgumentExpression(SpelExpression expression, ArgumentNames names) {
        this.expression = expression;
        this.names = names;
    }

    /**
     * Evaluates it.
     *
     * @throws RuntimeException if these arguments do not suit the expression
     */
    @Nullable
    Object value(@Nullable Object[] arguments, @Nullable Object result) {
        return expression.getValue(new ArgumentContext(names, arguments, result));
    }

    @Override
    public String toString() {
        return expression.getExpressionString();
    }
}
