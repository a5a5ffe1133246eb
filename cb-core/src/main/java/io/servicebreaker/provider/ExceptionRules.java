package io.servicebreaker.provider;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What the configuration says about types of exceptions, subtypes included. The wrappers of futures are looked through.
 *
 * @param ignored never count against the service; wins over {@code recorded}
 * @param recorded if there are any, they count and no other exception does
 */
public record ExceptionRules(
        List<? extends Class<? extends Throwable>> ignored, List<? extends Class<? extends Throwable>> recorded) {

    /** Leaves it to the cause of the failure. */
    public static final ExceptionRules NONE = new ExceptionRules(List.of(), List.of());

    /** Causes can form a cycle. */
    private static final int DEEPEST_CHAIN = 16;

    public ExceptionRules {
        ignored = List.copyOf(ignored);
        recorded = List.copyOf(recorded);
    }

    /** Whether the exception counts against the service, if the configuration has an opinion. */
    Optional<Boolean> judge(Throwable error) {
        if (ignored.isEmpty() && recorded.isEmpty()) {
            return Optional.empty();
        }
        Throwable own = unwrapped(error);
        if (isOneOf(ignored, own)) {
            return Optional.of(false);
        }
        return recorded.isEmpty() ? Optional.empty() : Optional.of(isOneOf(recorded, own));
    }

    /** Whether the configuration says that the exception means nothing, and not only that others count. */
    boolean ignores(Throwable error) {
        return isOneOf(ignored, unwrapped(error));
    }

    private static boolean isOneOf(List<? extends Class<? extends Throwable>> types, Throwable error) {
        return types.stream().anyMatch(type -> type.isInstance(error));
    }

    /** The exception inside the wrappers that futures and reflection put around it. */
    static Throwable unwrapped(Throwable error) {
        Throwable inner = error;
        for (int depth = 0; depth < DEEPEST_CHAIN && isWrapper(inner) && inner.getCause() != null; depth++) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static boolean isWrapper(Throwable error) {
        return error instanceof CompletionException
                || error instanceof ExecutionException
                || error instanceof InvocationTargetException;
    }
}
