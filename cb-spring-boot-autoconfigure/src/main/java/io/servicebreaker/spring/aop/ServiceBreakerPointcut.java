package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.util.ClassUtils;

/**
 * Matches annotated methods. Classes that do not carry the annotation are left alone, and so are those that cannot be
 * extended: proxying would end start-up with a message that says nothing of the annotation, ours comes with the other
 * problems.
 */
final class ServiceBreakerPointcut extends StaticMethodMatcherPointcut {

    private final Declarations declarations;

    /**
     * Creates the pointcut.
     *
     * @param byClass whether beans are proxied by subclasses even if they have interfaces
     */
    ServiceBreakerPointcut(Declarations declarations, boolean byClass) {
        this.declarations = declarations;
        setClassFilter(type -> declarations.in(type) && canBeProxied(type, byClass));
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return declarations.of(method, targetClass) != null;
    }

    private static boolean canBeProxied(Class<?> type, boolean byClass) {
        return Owner.obstacle(type) == null || (!byClass && ClassUtils.getAllInterfacesForClass(type).length > 0);
    }
}
