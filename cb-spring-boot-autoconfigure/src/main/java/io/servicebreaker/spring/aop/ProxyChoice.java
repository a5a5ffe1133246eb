package io.servicebreaker.spring.aop;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.ProxyProcessorSupport;
import org.springframework.core.env.Environment;

/** Foretells in which way the container will proxy a bean. */
final class ProxyChoice extends ProxyProcessorSupport {

    private static final long serialVersionUID = 1L;

    private final boolean byClass;

    ProxyChoice(Environment environment) {
        this.byClass = isByClass(environment);
    }

    /** As in Boot: by subclass unless the property says otherwise. */
    static boolean isByClass(Environment environment) {
        return environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true);
    }

    /** Whether a bean of the class gets a proxy with its interfaces, not a subclass. */
    boolean isByInterfaces(Class<?> type) {
        if (byClass) {
            return false;
        }
        ProxyFactory wanted = new ProxyFactory();
        evaluateProxyInterfaces(type, wanted);
        return !wanted.isProxyTargetClass();
    }
}
