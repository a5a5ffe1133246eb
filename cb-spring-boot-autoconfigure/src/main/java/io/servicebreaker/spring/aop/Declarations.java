package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.DegradeAt;
import io.servicebreaker.annotation.ServiceBreaker;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Which methods of which classes are annotated. Reads each class once; safe for use by many threads.
 *
 * <p>Most beans have nothing to do with us, so whether a class mentions the annotation at all is decided first, by a
 * look at its own annotations that superclasses and interfaces share.
 */
final class Declarations {

    private static final Set<Class<? extends Annotation>> OURS = Set.of(ServiceBreaker.class, DegradeAt.class);

    private final Placeholders placeholders;
    private final Map<Class<?>, Boolean> mentions = new ConcurrentHashMap<>();
    private final Map<Class<?>, Boolean> verdicts = new ConcurrentHashMap<>();
    private final Map<Class<?>, Map<Method, Declaration>> byClass = new ConcurrentHashMap<>();

    Declarations(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /** Whether a method or type in the hierarchy of the class is annotated. The container asks for each method. */
    boolean in(Class<?> type) {
        Boolean known = verdicts.get(type);
        if (known == null) {
            known = isMentionedAround(ClassUtils.getUserClass(type));
            verdicts.put(type, known);
        }
        return known;
    }

    private boolean isMentionedAround(Class<?> user) {
        for (Class<?> c = user; c != null && c != Object.class; c = c.getSuperclass()) {
            if (mentions(c)) {
                return true;
            }
        }
        for (Class<?> each : BeanMethods.interfaces(user)) {
            if (mentions(each)) {
                return true;
            }
        }
        return false;
    }

    /** The annotation that holds for a call of {@code method} on an object of the class. */
    @Nullable
    Declaration of(Method method, Class<?> targetClass) {
        return in(targetClass) ? all(targetClass).get(BeanMethods.mostSpecific(method, targetClass)) : null;
    }

    /** Every annotated method of the class, by itself. */
    Map<Method, Declaration> all(Class<?> targetClass) {
        Class<?> user = ClassUtils.getUserClass(targetClass);
        Map<Method, Declaration> known = byClass.get(user);
        if (known == null) {
            known = new DeclarationScan(user, placeholders).run();
            byClass.put(user, known);
        }
        return known;
    }

    private boolean mentions(Class<?> type) {
        Boolean known = mentions.get(type);
        if (known == null) {
            known = AnnotationUtils.isCandidateClass(type, OURS) && looksAnnotated(type);
            mentions.put(type, known);
        }
        return known;
    }

    private static boolean looksAnnotated(Class<?> type) {
        try {
            return isAnnotated(type) || hasAnnotatedMethod(type);
        } catch (LinkageError | IllegalStateException e) {
            return false; // refers to a class that is not there: such a bean cannot be created, or fails by itself
        }
    }

    private static boolean hasAnnotatedMethod(Class<?> type) {
        for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
            if (isAnnotated(method)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnnotated(AnnotatedElement element) {
        if (element.getAnnotations().length == 0) {
            return false;
        }
        MergedAnnotations annotations = MergedAnnotations.from(element);
        return annotations.isPresent(ServiceBreaker.class) || annotations.isPresent(DegradeAt.class);
    }
}
