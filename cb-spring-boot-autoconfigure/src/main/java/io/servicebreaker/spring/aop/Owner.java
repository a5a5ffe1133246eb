package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.util.ClassUtils;

/**
 * What a bean is made of.
 *
 * @param target class of the object whose methods run
 * @param facade class of the object that others call: the proxy's, or the same
 * @param isInterfaceBased whether callers reach only the methods of the facade's interfaces
 * @param guarded whether our advice stands between the two
 */
record Owner(Class<?> target, Class<?> facade, boolean isInterfaceBased, boolean guarded) {

    /** A bean that does not exist yet. */
    static Owner ofType(Class<?> type, ProxyChoice proxies) {
        return new Owner(type, type, Proxy.isProxyClass(type) || proxies.isByInterfaces(type), false);
    }

    /** A bean that exists. */
    static Owner of(Class<?> target, Class<?> facade, boolean guarded) {
        return new Owner(target, facade, Proxy.isProxyClass(facade), guarded);
    }

    static Owner of(Object bean) {
        Object level = bean;
        while (level instanceof Advised advised) {
            Class<?> target = advised.getTargetSource().getTargetClass();
            if (target != null && isOurs(advised)) {
                return of(target, bean.getClass(), true);
            }
            level = AopProxyUtils.getSingletonTarget(level);
        }
        return of(AopProxyUtils.ultimateTargetClass(bean), bean.getClass(), false);
    }

    /** The method of the proxy's interfaces that leads to this one, or null. */
    @Nullable
    Method interfaceMethod(Method method) {
        for (Class<?> each : BeanMethods.interfaces(facade)) {
            for (Method declared : each.getMethods()) {
                if (BeanMethods.mostSpecific(declared, target).equals(method)) {
                    return declared;
                }
            }
        }
        return null;
    }

    /** The class as its author knows it. */
    Class<?> userClass() {
        return ClassUtils.getUserClass(target);
    }

    /** Why there can be no subclass of it, or null if there can. */
    static @Nullable String obstacle(Class<?> type) {
        if (type.isInterface() || Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type)) {
            return null;
        }
        if (type.isRecord()) {
            return "is a record";
        }
        if (Modifier.isFinal(type.getModifiers())) {
            return "is final";
        }
        return type.isSealed() ? "is sealed" : null;
    }

    private static boolean isOurs(Advised advised) {
        for (Advisor advisor : advised.getAdvisors()) {
            if (advisor instanceof ServiceBreakerAdvisor) {
                return true;
            }
        }
        return false;
    }
}
