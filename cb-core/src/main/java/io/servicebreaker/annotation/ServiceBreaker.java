package io.servicebreaker.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Guards calls to a remote service with that service's circuit breaker.
 *
 * <p>On a type it applies to every public method but its fallback methods; a method's own annotation replaces the
 * type's. It is also found on interfaces and superclasses. One outcome is recorded for each call, when the call really
 * ends: on return, on completion of the returned {@code CompletionStage}, on termination of each subscription to the
 * returned {@code Mono} or {@code Flux}, or when a Kotlin {@code suspend} function is done.
 *
 * <p>A refused call ends with {@link io.servicebreaker.call.CallRejectedException}, thrown or delivered through the
 * returned stage or publisher, unless {@link #fallback()} answers instead. Exceptions of the method itself pass
 * through untouched. All attributes are read and checked when the application starts; {@code ${…}} placeholders are
 * resolved in each of them.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ServiceBreaker {

    /**
     * Name of the service as configured under {@code service-breaker.services}. A name that is not configured fails
     * start-up.
     */
    String value();

    /** Operation type, for cost rules and reports; the method's name unless given. */
    String operation() default "";

    /** Model id: a literal, or a SpEL expression over the arguments when it starts with {@code #}. */
    String model() default "";

    /**
     * SpEL expression over the arguments that gives the estimated input tokens as an int, or a
     * {@link io.servicebreaker.cost.TokenEstimate}.
     */
    String estimatedTokens() default "";

    /** Cost category, for cost rules and reports. */
    String category() default "";

    /**
     * Method that answers when the call is refused, fails, or gives an answer that is not good enough: the name of a
     * method of the same bean, or {@code beanName::method}. It takes the same parameters, optionally followed by one
     * parameter of a {@code Throwable} type, which limits it to failures of that type. It is called through the proxy,
     * so that its own {@code @ServiceBreaker} applies: a chain of such methods is a fallback ladder. Several, separated by
     * commas, are for different causes, which {@code @FallbackFor} on them names.
     */
    String fallback() default "";

    /** Whether the call is still served in an emergency and never degraded. */
    boolean essential() default false;

    /**
     * SpEL expression over {@code #result} and the arguments; {@code false} means that the answer is not good enough.
     * Such an answer counts as a quality failure and goes to the {@link #fallback()}; without one it is returned as it
     * is.
     */
    String acceptResult() default "";

    /**
     * SpEL expression over {@code #result} and the arguments that gives how far the answer is to be trusted, as a number
     * from 0 to 1. It is recorded; whether the answer is good enough, {@link #acceptResult()} decides.
     */
    String confidence() default "";

    /**
     * Time after which nothing more is begun to find an answer, such as {@code 20s}; or a SpEL expression over the
     * arguments that gives a {@code Duration}, when it starts with {@code #}. It holds for this call and all its fallbacks
     * together: a guarded one that would begin later is refused. What has begun is not cut short.
     */
    String deadline() default "";
}
