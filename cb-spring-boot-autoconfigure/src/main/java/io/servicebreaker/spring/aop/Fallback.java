package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.Mishap;
import java.util.List;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.beans.factory.BeanFactory;

/**
 * The bound fallback of a method. It is called through the proxy, so that its own annotation applies.
 *
 * <p>A named bean is looked up when it is needed: two beans may be each other's fallbacks without needing each other to
 * be created, and scoped beans stay scoped.
 */
final class Fallback {

    private final BeanFactory beans;
    private final List<Rung> rungs;
    private final List<String> names;
    private final boolean asked;

    /**
     * Creates it.
     *
     * @param asked whether the service of the method allows that anybody is asked
     */
    Fallback(BeanFactory beans, List<Rung> rungs, boolean asked) {
        this.beans = beans;
        this.asked = asked;
        this.rungs = rungs.stream().sorted(Rung.ORDER).toList();
        this.names = this.rungs.stream().map(Rung::name).toList();
    }

    /** The methods that there are, in the order of asking which one suits. */
    List<String> names() {
        return names;
    }

    /** Whether the service of the method allows that anybody is asked. */
    boolean isAsked() {
        return asked;
    }

    /** The method that suits what has happened best, or null if none does, or none is asked. */
    @Nullable
    Rung rungFor(Mishap mishap) {
        if (!asked) {
            return null;
        }
        for (Rung rung : rungs) {
            if (rung.suits(mishap)) {
                return rung;
            }
        }
        return null;
    }

    /**
     * Asks a method.
     *
     * @throws Throwable what that method throws, with the failure as a suppressed exception
     */
    @Nullable
    Object answer(MethodInvocation invocation, Rung rung, Throwable failure) throws Throwable {
        try {
            return rung.call(bean(rung, invocation), invocation.getArguments(), failure);
        } catch (Throwable e) {
            throw Mishap.remembering(e, failure);
        }
    }

    private Object bean(Rung rung, MethodInvocation invocation) {
        String name = rung.bean();
        return name == null ? ((ProxyMethodInvocation) invocation).getProxy() : beans.getBean(name);
    }
}
