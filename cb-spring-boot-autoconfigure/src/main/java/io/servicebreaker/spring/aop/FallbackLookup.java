package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Finds the methods that a {@code fallback} attribute can mean. */
final class FallbackLookup {

    private final ConfigurableListableBeanFactory beans;
    private final ProxyChoice proxies;

    FallbackLookup(ConfigurableListableBeanFactory beans, ProxyChoice proxies) {
        this.beans = beans;
        this.proxies = proxies;
    }

    static List<FallbackName> names(Declaration declaration) {
        return FallbackName.in(declaration.annotation().fallback());
    }

    /** Whose methods to look at; null if there is no such bean or nobody knows its type. */
    @Nullable
    Owner owner(FallbackName fallback, Owner self) {
        String name = fallback.bean();
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
    static List<Method> named(Declaration declaration, FallbackName name, Owner owner) {
        return BeanMethods.of(owner.target()).stream()
                .filter(method -> isNamed(declaration, name, method))
                .toList();
    }

    /** Those of the fallback's name that take what the guarded method takes. */
    static List<Method> fitting(Declaration declaration, FallbackName name, Owner self, Owner owner) {
        return named(declaration, name, owner).stream()
                .filter(candidate -> takesTheSame(declaration, self.userClass(), candidate, owner.userClass()))
                .toList();
    }

    /** Whether a method of the same class is a fallback of the guarded one. */
    static boolean fits(Declaration declaration, Method candidate, Class<?> type) {
        return names(declaration).stream()
                        .anyMatch(name -> name.bean() == null && isNamed(declaration, name, candidate))
                && takesTheSame(declaration, type, candidate, type);
    }

    private static boolean isNamed(Declaration declaration, FallbackName name, Method method) {
        boolean guardedItself = name.bean() == null && method.equals(declaration.method());
        return method.getName().equals(name.method()) && !guardedItself;
    }

    private static boolean takesTheSame(
            Declaration declaration, Class<?> type, Method candidate, Class<?> candidateType) {
        return new TypedMethod(candidate, candidateType).takesWhat(new TypedMethod(declaration.method(), type));
    }
}
