package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the methods that a {@code fallback} attribute can mean. */
final class FallbackLookup {

    private static final String SEPARATOR = "::";

    private final ConfigurableListableBeanFactory beans;

    FallbackLookup(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Name of the bean, or null for the bean of the guarded method. */
    static @Nullable String beanName(Declaration declaration) {
        String text = declaration.annotation().fallback();
        int separator = text.indexOf(SEPARATOR);
        return separator < 0 ? null : text.substring(0, separator).trim();
    }

    static String methodName(Declaration declaration) {
        String text = declaration.annotation().fallback();
        int separator = text.indexOf(SEPARATOR);
        return separator < 0
                ? text.trim()
                : text.substring(separator + SEPARATOR.length()).trim();
    }

    /** Whose methods to look at; null if there is no such bean or nobody knows its type. */
    @Nullable
    Owner owner(Declaration declaration, Owner self) {
        String name = beanName(declaration);
        if (name == null) {
            return self;
        }
        if (!beans.containsBean(name)) {
            return null;
        }
        Object bean = beans.containsSingleton(name) && !beans.containsBean("&" + name) ? beans.getBean(name) : null;
        if (bean != null) {
            return Owner.of(bean);
        }
        Class<?> type = beans.getType(name);
        return type == null ? null : Owner.ofType(type);
    }

    /** All methods of the fallback's name. */
    List<Method> named(Declaration declaration, Owner owner) {
        String name = methodName(declaration);
        return BeanMethods.of(owner.target()).stream()
                .filter(method -> method.getName().equals(name))
                .toList();
    }

    /** Those of the fallback's name that take what the guarded method takes. */
    List<Method> fitting(Declaration declaration, Owner owner) {
        return named(declaration, owner).stream()
                .filter(candidate -> takesTheSame(declaration.method(), candidate))
                .toList();
    }

    /** The type of failure that the method takes as its last parameter, or null if it takes none. */
    static @Nullable Class<?> takes(Method guarded, Method fallback) {
        int count = fallback.getParameterCount();
        return count > guarded.getParameterCount() ? fallback.getParameterTypes()[count - 1] : null;
    }

    private static boolean takesTheSame(Method guarded, Method fallback) {
        int count = guarded.getParameterCount();
        Class<?>[] types = fallback.getParameterTypes();
        boolean onlyFailureMore =
                types.length == count || (types.length == count + 1 && Throwable.class.isAssignableFrom(types[count]));
        return onlyFailureMore && Arrays.equals(types, 0, count, guarded.getParameterTypes(), 0, count);
    }
}
