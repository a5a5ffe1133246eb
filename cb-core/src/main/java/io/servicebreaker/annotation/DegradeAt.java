package io.servicebreaker.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What calls of a method guarded by {@link ServiceBreaker} ask for from a degradation level on, until a higher level says
 * otherwise. It may be repeated, once for each level.
 *
 * <p>Budgets, prices and the breaker of the model see the call as it is then made. The method makes it so: what holds for
 * a call is in {@code Degradation.hints()}. Everything is read and checked when the application starts.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(DegradeAt.All.class)
public @interface DegradeAt {

    /** Step of the degradation from which on it holds, 1 to 4. */
    int level();

    /** Id of the model that is asked instead, as it is if not given; {@code ${…}} placeholders are resolved. */
    String model() default "";

    /** Tokens that the answer may have at most, 1 or more; as many as else if not given. */
    int maxTokens() default Integer.MAX_VALUE;

    /** What it stands in where it is repeated. */
    @Documented
    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {

        /** In any order. */
        DegradeAt[] value();
    }
}
