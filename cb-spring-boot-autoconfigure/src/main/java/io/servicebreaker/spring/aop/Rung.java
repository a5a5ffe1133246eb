package io.servicebreaker.spring.aop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One method that can answer instead.
 *
 * @param method accessible, and to be called on a proxy
 * @param takes the type of its last parameter, which limits it to such failures; null if it has none and takes all
 */
record Rung(Method method, @Nullable Class<?> takes) {

    boolean suits(Throwable failure) {
        return takes == null || takes.isInstance(failure);
    }

    @Nullable
    Object call(Object bean, @Nullable Object[] arguments, Throwable failure) throws Throwable {
        @Nullable Object[] all = arguments;
        if (takes != null) {
            all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = failure;
        }
        try {
            return method.invoke(bean, all);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
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
