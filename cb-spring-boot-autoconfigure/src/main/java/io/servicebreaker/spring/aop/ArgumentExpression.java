package io.servicebreaker.spring.aop;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * A SpEL expression over the arguments of a call and, once there is one, its result. Safe for use by many threads.
 *
 * <p>It sees nothing else: no types, no constructors, no beans, no assignment.
 */
final class ArgumentExpression {

    private static final Logger log = LoggerFactory.getLogger(ArgumentExpression.class);

    private final String attribute;
    private final SpelExpression expression;
    private final ArgumentNames names;
    /** The argument that the whole expression stands for, if it is as simple as that: SpEL takes its time. */
    private final @Nullable Integer argument;

    private final AtomicLong unsuited = new AtomicLong();

    ArgumentExpression(String attribute, SpelExpression expression, ArgumentNames names) {
        this.attribute = attribute;
        this.expression = expression;
        this.names = names;
        this.argument = expression.getAST() instanceof VariableReference variable
                ? names.position(variable.toStringAST().substring(1))
                : null;
    }

    /**
     * Evaluates it.
     *
     * @param conversion what to make of a value that is not null; may throw
     * @return null also if the arguments or the result do not suit the expression
     */
    <T> @Nullable T read(@Nullable Object[] arguments, @Nullable Object result, Function<Object, T> conversion) {
        try {
            Object value = argument == null ? evaluated(arguments, result) : arguments[argument];
            return value == null ? null : conversion.apply(value);
        } catch (RuntimeException | Error e) {
            tell(e);
            return null;
        }
    }

    private @Nullable Object evaluated(@Nullable Object[] arguments, @Nullable Object result) {
        return expression.getValue(new ArgumentContext(names, arguments, result));
    }

    /** Ordinary data, such as null, may come with every call: the 1st, 2nd, 4th, 8th… time is told. */
    private void tell(Throwable why) {
        long count = unsuited.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            log.warn(
                    "{} = \"{}\" does not suit the data of a call, which goes on without it ({} times so far): {}",
                    attribute,
                    this,
                    count,
                    why.toString());
        }
    }

    @Override
    public String toString() {
        return expression.getExpressionString();
    }
}
