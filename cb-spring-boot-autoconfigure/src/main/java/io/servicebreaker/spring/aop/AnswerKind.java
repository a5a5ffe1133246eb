package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ReactiveAdapterRegistry;

/** In which way a method answers, told by its return type. Reactor need not be there. */
enum AnswerKind {
    /** By returning. */
    BLOCKING,
    /** By a stage that completes. */
    STAGE,
    /** By a publisher of one value. */
    MONO,
    /** By a publisher of many. */
    FLUX,
    /** In a way that we cannot follow. */
    UNSUPPORTED;

    private static final String SUPPORTED =
            "Supported are any value, void, CompletionStage, CompletableFuture, Mono and Flux.";

    /** The kind of a method, with a problem if it is not supported. */
    static AnswerKind of(Method method, Class<?> target, List<Problem> problems) {
        if (isSuspending(method)) {
            problems.add(Problem.at(
                    method,
                    "Kotlin suspend functions are not supported: they return before the call has ended.",
                    "Annotate a function that returns Mono and await it in the suspending one, or make the call "
                            + "through CallOrchestrator. " + SUPPORTED));
            return UNSUPPORTED;
        }
        Class<?> type = GenericTypeResolver.resolveReturnType(method, target);
        AnswerKind kind = of(type);
        if (kind == UNSUPPORTED) {
            problems.add(Problem.at(
                    method,
                    "The return type " + type.getName() + " does not tell when the call ends.",
                    "Return " + substitute(type) + ". " + SUPPORTED));
        }
        return kind;
    }

    private static AnswerKind of(Class<?> type) {
        if (isPlain(type)) {
            return BLOCKING;
        }
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return STAGE;
        }
        if (type.getName().equals("reactor.core.publisher.Mono")) {
            return MONO;
        }
        if (type.getName().equals("reactor.core.publisher.Flux")) {
            return FLUX;
        }
        boolean asynchronous = Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
        return asynchronous ? UNSUPPORTED : BLOCKING;
    }

    /** Types that are what most methods return, and never a promise. The registry of those loads all their libraries. */
    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive() || type.isArray() || type.isRecord() || type.isEnum() || type == String.class;
    }

    private static boolean isSuspending(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length > 0 && types[types.length - 1].getName().equals("kotlin.coroutines.Continuation");
    }

    private static String substitute(Class<?> type) {
        return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
                ? "a CompletableFuture"
                : "a Mono or a Flux";
    }
}
