package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the methods that a {@code fallback} attribute can mean. */
final class FallbackLookup {

    private static final String SEPARATOR = "::";

    private final ConfigurableListableBeanFactory beans;
    private final ProxyChoice proxies;

    FallbackLookup(ConfigurableListableBeanFactory beans, ProxyChoice proxies) {
        this.beans = beans;
        this.proxies = proxies;
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
        return type == null ? null : Owner.ofType(type, proxies);
    }

    /** All methods of the fallback's name but the guarded one, which may be overloaded. */
    static List<Method> named(Declaration declaration, Owner owner) {
        return BeanMethods.of(owner.target()).stream()
                .filter(method -> isNamed(declaration, method))
                .toList();
    }

    /** Those of the fallback's name that take what the guarded method takes. */
    static List<Method> fitting(Declaration declaration, Owner self, Owner owner) {
        return named(declaration, owner).stream()
                .filter(candidate -> takesTheSame(declaration, self.userClass(), candidate, owner.userClass()))
                .toList();
    }

    /** Whether a method of the same class is a fallback of the guarded one. */
    static boolean fits(Declaration declaration, Method candidate, Class<?> type) {
        return beanName(declaration) == null
                && isNamed(declaration, candidate)
                && takesTheSame(declaration, type, candidate, type);
    }

    private static boolean isNamed(Declaration declaration, Method method) {
        boolean guardedItself = beanName(declaration) == null && method.equals(declaration.method());
        return method.getName().equals(methodName(declaration)) && !guardedItself;
    }

    private static boolean takesTheSame(
            Declaration declaration, Class<?> type, Method candidate, Class<?> candidateType) {
        return new TypedMethod(candidate, candidateType).takesWhat(new TypedMethod(declaration.method(), type));
    }
}
