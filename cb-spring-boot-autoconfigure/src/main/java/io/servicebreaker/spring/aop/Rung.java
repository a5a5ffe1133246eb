package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.KotlinDetector;

/**
 * One method that can answer instead.
 *
 * @param method to be called on a proxy
 * @param count of the arguments that it shares with the guarded method
 * @param takes the type of its next parameter, which limits it to such failures; null if it has none and takes all
 */
record Rung(Method method, int count, @Nullable Class<?> takes) {

    boolean suits(Throwable failure) {
        return takes == null || takes.isInstance(failure);
    }

    /** The answer; of a suspend function of Kotlin, a publisher of it. */
    @Nullable
    Object call(Object bean, @Nullable Object[] arguments, Throwable failure) throws Throwable {
        return AopUtils.invokeJoinpointUsingReflection(bean, method, with(failure, arguments));
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
}
