package io.servicebreaker.spring.aop;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
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

    private static final int DEEPEST_CHAIN = 16;
    private static final int MOST_REMEMBERED = 4;

    private final @Nullable String beanName;
    private final BeanFactory beans;
    private final Rung[] rungs;

    /**
     * Creates a fallback.
     *
     * @param beanName null for the bean of the guarded method
     */
    Fallback(@Nullable String beanName, BeanFactory beans, List<Rung> rungs) {
        this.beanName = beanName;
        this.beans = beans;
        this.rungs = rungs.stream()
                .sorted(Comparator.comparingInt(Rung::depth).reversed())
                .toArray(Rung[]::new);
    }

    /**
     * Whether there is somebody to ask after this failure. Not after an {@link Error}, which is nothing that an answer
     * could make up for, and not when the caller gave up and waits for no answer.
     */
    boolean answers(Throwable failure) {
        Throwable own = unwrapped(failure);
        return own instanceof Exception && !isGivingUp(own) && rungFor(own) != null;
    }

    /**
     * Asks the method that suits the failure best.
     *
     * @throws Throwable what that method throws, with the failure as a suppressed exception
     */
    @Nullable
    Object answer(MethodInvocation invocation, Throwable failure) throws Throwable {
        Throwable own = unwrapped(failure);
        Rung rung = rungFor(own);
        if (rung == null) {
            throw failure;
        }
        try {
            return rung.call(bean(invocation), invocation.getArguments(), own);
        } catch (Throwable e) {
            throw remembering(e, own);
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

    private Object bean(MethodInvocation invocation) {
        return beanName == null ? ((ProxyMethodInvocation) invocation).getProxy() : beans.getBean(beanName);
    }

    private @Nullable Rung rungFor(Throwable failure) {
        for (Rung rung : rungs) {
            if (rung.suits(failure)) {
                return rung;
            }
        }
        return null;
    }

    private static boolean isGivingUp(Throwable failure) {
        Throwable link = failure;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            if (link instanceof InterruptedException || link instanceof CancellationException) {
                return true;
            }
            link = link.getCause();
        }
        return false;
    }
}
