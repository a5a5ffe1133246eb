package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.ServiceBreaker;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the annotations of one class.
 *
 * <p>A method's own annotation, or that of a method it overrides or implements, wins over those of types. A type's
 * holds for every public method: an interface's for the methods of that interface, a class's for those of its
 * subclasses too. It does not hold for the fallback methods of the same class: they are what is left when the service
 * is gone, so they are guarded only by an annotation of their own.
 */
final class DeclarationScan {

    private final Class<?> type;
    private final Placeholders placeholders;

    DeclarationScan(Class<?> type, Placeholders placeholders) {
        this.type = type;
        this.placeholders = placeholders;
    }

    Map<Method, Declaration> run() {
        Set<Method> methods = BeanMethods.of(type);
        Map<Method, Declaration> found = new LinkedHashMap<>();
        methods.forEach(method -> addOfMethod(method, method, found));
        addOfInterfaceMethods(found);
        addOfTypes(methods, found);
        return Collections.unmodifiableMap(found);
    }

    private void addOfMethod(Method method, Method declared, Map<Method, Declaration> found) {
        MergedAnnotation<ServiceBreaker> own = annotation(declared);
        if (own.isPresent()) {
            found.putIfAbsent(method, declaration(method, own));
        }
    }

    /** A method may implement an interface that its own class does not know, but a subclass does. */
    private void addOfInterfaceMethods(Map<Method, Declaration> found) {
        for (Class<?> each : BeanMethods.interfaces(type)) {
            for (Method declared : ReflectionUtils.getDeclaredMethods(each)) {
                addOfMethod(BeanMethods.mostSpecific(declared, type), declared, found);
            }
        }
    }

    private void addOfTypes(Set<Method> methods, Map<Method, Declaration> found) {
        Map<Method, Declaration> candidates = new LinkedHashMap<>();
        for (Method method : methods) {
            Declaration inherited = !found.containsKey(method) && isPublicApi(method) ? ofType(method) : null;
            if (inherited != null) {
                candidates.put(method, inherited);
            }
        }
        List<Declaration> all = Stream.of(found, candidates)
                .flatMap(each -> each.values().stream())
                .toList();
        candidates.keySet().removeIf(method -> isFallback(method, all));
        found.putAll(candidates);
    }

    private boolean isFallback(Method method, List<Declaration> declarations) {
        return declarations.stream().anyMatch(declaration -> FallbackLookup.fits(declaration, method, type));
    }

    private static boolean isPublicApi(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && ReflectionUtils.findMethod(Object.class, method.getName(), method.getParameterTypes()) == null;
    }

    private @Nullable Declaration ofType(Method method) {
        return annotations(type).stream(ServiceBreaker.class)
                .filter(annotation -> holdsFor(annotation, method))
                .findFirst()
                .map(annotation -> declaration(method, annotation))
                .orElse(null);
    }

    private boolean holdsFor(MergedAnnotation<ServiceBreaker> annotation, Method method) {
        return annotation.getSource() instanceof Class<?> source
                && (!source.isInterface() || implementsOneOf(source, method));
    }

    private boolean implementsOneOf(Class<?> source, Method method) {
        for (Method declared : source.getMethods()) {
            if (BeanMethods.mostSpecific(declared, type).equals(method)) {
                return true;
            }
        }
        return false;
    }

    private Declaration declaration(Method method, MergedAnnotation<ServiceBreaker> annotation) {
        Object source = annotation.getSource();
        return new Declaration(
                method,
                placeholders.resolve(annotation),
                source instanceof AnnotatedElement element ? element : method);
    }

    private static MergedAnnotation<ServiceBreaker> annotation(AnnotatedElement element) {
        return annotations(element).get(ServiceBreaker.class);
    }

    private static MergedAnnotations annotations(AnnotatedElement element) {
        return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY);
    }
}
