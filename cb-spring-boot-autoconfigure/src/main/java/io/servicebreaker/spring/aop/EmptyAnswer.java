package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.spring.Mishap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a method answers whose service has nothing: instead of a refusal, where a refusal is a miss. */
final class EmptyAnswer {

    private final String service;
    private final Supplier<@Nullable Object> value;

    private EmptyAnswer(String service, Supplier<@Nullable Object> value) {
        this.service = service;
        this.value = value;
    }

    /** The empty answer of a method, or null if its type has none: what is a number is never not there. */
    static @Nullable EmptyAnswer of(String service, AnswerKind kind, TypedMethod method) {
        Supplier<@Nullable Object> value = switch (kind) {
            case BLOCKING -> plain(method.returnedClass());
            case STAGE -> {
                Object nothing = method.answeredClass() == Optional.class ? Optional.empty() : null;
                yield () -> completed(nothing);
            }
            case MONO -> method.isSuspending() ? suspended(method.returnedClass()) : Mono::empty;
            case FLUX -> Flux::empty;
            case UNSUPPORTED -> null;
        };
        return value == null ? null : new EmptyAnswer(service, value);
    }

    /** Whether a result says that there is nothing. */
    static boolean isEmpty(@Nullable Object result) {
        return result == null || (result instanceof Optional<?> optional && optional.isEmpty());
    }

    private static Object completed(@Nullable Object nothing) {
        CompletionStage<@Nullable Object> stage = CompletableFuture.completedFuture(nothing);
        return stage;
    }

    private static @Nullable Supplier<@Nullable Object> plain(Class<?> type) {
        if (type == boolean.class) {
            return () -> false;
        }
        if (type == Optional.class) {
            return Optional::empty;
        }
        return type.isPrimitive() && type != void.class ? null : () -> null;
    }

    /** Kotlin's numbers are objects here, and null is none of them. */
    private static @Nullable Supplier<@Nullable Object> suspended(Class<?> type) {
        return plain(ClassUtils.isPrimitiveWrapper(type) ? type == Boolean.class ? boolean.class : int.class : type);
    }

    /** Whether the service of the method itself was not to be called. */
    boolean answers(Throwable failure) {
        return Mishap.unwrapped(failure) instanceof CallRejectedException refusal
                && refusal.service().equals(service);
    }

    @Nullable
    Object value() {
        return value.get();
    }
}
