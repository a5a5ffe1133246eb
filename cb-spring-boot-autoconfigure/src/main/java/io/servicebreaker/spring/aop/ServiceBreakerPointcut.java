package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Matches annotated methods. Classes that do not carry the annotation are left alone, and so are those that cannot be
 * extended: proxying would end start-up with a message that says nothing of the annotation, ours comes with the other
 * problems.
 */
final class ServiceBreakerPointcut extends StaticMethodMatcherPointcut {

    private final Declarations declarations;

    ServiceBreakerPointcut(Declarations declarations, ProxyChoice proxies) {
        this.declarations = declarations;
        setClassFilter(type -> declarations.in(type) && (Owner.obstacle(type) == null || proxies.isByInterfaces(type)));
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return declarations.of(method, targetClass) != null;
    }
}
