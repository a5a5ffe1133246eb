package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.Mishap;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.KotlinDetector;

/**
 * One method that can answer instead.
 *
 * @param bean whose method it is; null for the bean of the guarded method
 * @param name class and method, as people write them
 * @param method to be called on a proxy
 * @param count of the arguments that it shares with the guarded method
 * @param takes the type of its next parameter, which limits it to such failures; null if it has none and takes all
 * @param causes that it is for
 */
record Rung(
        @Nullable String bean,
        String name,
        Method method,
        int count,
        @Nullable Class<?> takes,
        Causes causes) {

    /** Who names causes comes before who is for all, and then the nearest type. */
    static final Comparator<Rung> ORDER =
            Comparator.comparing((Rung rung) -> rung.causes.areAll()).thenComparing(rung -> -rung.depth());

    boolean suits(Mishap mishap) {
        return (takes == null || takes.isInstance(mishap.failure())) && causes.include(mishap);
    }

    /** The answer; of a suspend function of Kotlin, a publisher of it. */
    @Nullable
    Object call(Object target, @Nullable Object[] arguments, Throwable failure) throws Throwable {
        return AopUtils.invokeJoinpointUsingReflection(target, method, with(failure, arguments));
    }

    private @Nullable Object[] with(Throwable failure, @Nullable Object[] arguments) {
        @Nullable Object[] all = Arrays.copyOf(arguments, method.getParameterCount());
        if (KotlinDetector.isSuspendingFunction(method)) {
            all[all.length - 1] = arguments[arguments.length - 1]; // the continuation, always the last
        }
        if (takes != null) {
            all[count] = failure;
        }
        return all;
    }

    /** How far below Throwable the type is: the more specific of two types that both fit is further down. */
    int depth() {
        int depth = 0;
        for (Class<?> type = takes; type != null; type = type.getSuperclass()) {
            depth++;
        }
        return depth;
    }

    /** Why it suits, for people. */
    String purpose() {
        if (!causes.areAll()) {
            return "which is for " + causes;
        }
        return takes == null ? "which is for all" : "which takes " + takes.getSimpleName();
    }
}
