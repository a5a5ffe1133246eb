package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

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

    private static final String SUPPORTED = "Supported are any value, void, CompletionStage, CompletableFuture, Mono, "
            + "Flux, and Kotlin suspend functions that return a value or a Flow.";

    /** With it, Spring hands the result of a suspend function to advice as a publisher. */
    private static final boolean COROUTINES =
            ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", AopUtils.class.getClassLoader());

    /** The kind of a method, with a problem if it is not supported. */
    static AnswerKind of(Method method, Class<?> target, List<Problem> problems) {
        TypedMethod typed = new TypedMethod(method, target);
        if (typed.isSuspending() && !COROUTINES) {
            problems.add(Problem.at(
                    method,
                    "Without Reactor a Kotlin suspend function does not tell when the call ends.",
                    "Add org.jetbrains.kotlinx:kotlinx-coroutines-reactor to the dependencies."));
            return UNSUPPORTED;
        }
        Class<?> type = typed.returnedClass();
        AnswerKind kind = typed.isSuspending() ? ofSuspending(type) : of(type);
        if (kind == UNSUPPORTED) {
            problems.add(Problem.at(
                    method,
                    "The return type " + type.getName() + " does not tell when the call ends.",
                    "Return " + (typed.isSuspending() ? "the value or a Flow" : substitute(type)) + ". " + SUPPORTED));
        }
        return kind;
    }

    private static AnswerKind ofSuspending(Class<?> type) {
        if (type.getName().equals("kotlinx.coroutines.flow.Flow")) {
            return FLUX;
        }
        AnswerKind kind = of(type);
        return switch (kind) {
            case BLOCKING -> MONO;
            case STAGE -> UNSUPPORTED;
            case MONO, FLUX, UNSUPPORTED -> kind;
        };
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

    private static String substitute(Class<?> type) {
        return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
                ? "a CompletableFuture"
                : "a Mono or a Flux";
    }
}
