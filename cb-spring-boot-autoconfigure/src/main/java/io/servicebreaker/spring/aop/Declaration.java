package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.ServiceBreaker;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;

/**
 * An annotation found for a method.
 *
 * @param method the method that runs: the most specific one
 * @param annotation its own attributes, those of composed annotations merged in, placeholders resolved
 * @param source where it is written: this or an overridden method, or a type
 */
record Declaration(Method method, ServiceBreaker annotation, AnnotatedElement source) {

    /** Whether it comes from a type, not from the method. */
    boolean isOfType() {
        return source instanceof Class<?>;
    }

    String operation() {
        return annotation.operation().isEmpty() ? method.getName() : annotation.operation();
    }
}
