package io.servicebreaker.spring.aop;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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

    private static final int MOST_REMEMBERED = 4;

    private final BeanFactory beans;
    private final List<Rung> rungs;
    private final List<String> names;

    Fallback(BeanFactory beans, List<Rung> rungs) {
        this.beans = beans;
        this.rungs = rungs.stream().sorted(Rung.ORDER).toList();
        this.names = this.rungs.stream().map(Rung::name).toList();
    }

    /** The methods that there are, in the order of asking which one suits. */
    List<String> names() {
        return names;
    }

    /** The method that suits what has happened best, or null if none does. */
    @Nullable
    Rung rungFor(Mishap mishap) {
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
            throw remembering(e, failure);
        }
    }

    /** The failure of the fallback, with what it was to make up for. An exception that is thrown again and again fills up. */
    static Throwable remembering(Throwable failure, Throwable original) {
        Throwable own = unwrapped(failure);
        Throwable first = unwrapped(original);
        if (own != first && own.getSuppressed().length < MOST_REMEMBERED) {
            own.addSuppressed(first);
        }
        return failure;
    }

    /** Without the wrappers that futures put around exceptions. */
    static Throwable unwrapped(Throwable failure) {
        Throwable own = failure;
        while ((own instanceof CompletionException || own instanceof ExecutionException) && own.getCause() != null) {
            own = own.getCause();
        }
        return own;
    }

    private Object bean(Rung rung, MethodInvocation invocation) {
        String name = rung.bean();
        return name == null ? ((ProxyMethodInvocation) invocation).getProxy() : beans.getBean(name);
    }
}
