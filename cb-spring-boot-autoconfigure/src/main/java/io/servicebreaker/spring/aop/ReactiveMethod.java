package io.servicebreaker.spring.aop;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers by a {@link Mono} or a {@link Flux}. Each subscription is a call of its own, which begins when it is made, so
 * that a retry asks the breaker again.
 *
 * <p>The method itself runs before any subscription, to make the publisher. What it throws then becomes the signal of
 * each subscription, where it is judged like any other.
 */
class ReactiveMethod extends GuardedMethod {

    private final boolean single;
    private final StreamRules rules;

    /**
     * Creates the plan.
     *
     * @param single whether the method returns a {@link Mono}
     * @param rules what holds if it returns a {@link Flux}
     */
    ReactiveMethod(Parts parts, boolean single, StreamRules rules) {
        super(parts);
        this.single = single;
        this.rules = rules;
    }

    @Override
    @Nullable
    Object invoke(MethodInvocation invocation) throws Throwable {
        Object publisher;
        try {
            publisher = invocation.proceed();
        } catch (Throwable e) {
            publisher = signal(e);
        }
        if (publisher instanceof Mono<?> mono) {
            return mono(mono, invocation);
        }
        return publisher instanceof Flux<?> flux ? flux(flux, invocation) : publisher;
    }

    /** What was thrown, for whoever subscribes; an {@link Error} stays thrown. */
    private <T> Publisher<T> signal(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return single ? Mono.error(thrown) : Flux.error(thrown);
    }

    private <T> Mono<T> mono(Mono<T> source, MethodInvocation invocation) {
        GuardedMono<T> guarded = new GuardedMono<>(source, this, invocation);
        return hasOtherAnswer()
                ? guarded.onErrorResume(this::canAnswer, e -> Mono.from(publisherInstead(invocation, e)))
                : guarded;
    }

    /** What was emitted cannot be taken back: after the first content an error is the caller's to see. */
    private <T> Flux<T> flux(Flux<T> source, MethodInvocation invocation) {
        if (!hasOtherAnswer()) {
            return new GuardedFlux<>(source, this, invocation, rules, new FirstContent());
        }
        return Flux.defer(() -> {
            FirstContent first = new FirstContent();
            return new GuardedFlux<>(source, this, invocation, rules, first)
                    .onErrorResume(e -> !first.isEmitted() && canAnswer(e), e -> publisherInstead(invocation, e));
        });
    }

    @SuppressWarnings("unchecked") // the return type of the fallback was checked when it was bound
    private <T> Publisher<T> publisherInstead(MethodInvocation invocation, Throwable failure) {
        Object answer;
        try {
            answer = publisher(answerInstead(invocation, failure));
        } catch (Throwable e) {
            return signal(e);
        }
        if (answer instanceof Mono<?> mono) {
            return (Publisher<T>) mono.onErrorMap(e -> Fallback.remembering(e, failure));
        }
        return answer instanceof Flux<?> flux
                ? (Publisher<T>) flux.onErrorMap(e -> Fallback.remembering(e, failure))
                : signal(Fallback.remembering(new NullPointerException("the fallback returned no publisher"), failure));
    }

    /** The answer of a fallback as a {@link Mono} or a {@link Flux}; anything else is none. */
    @Nullable
    Object publisher(@Nullable Object answer) {
        return answer;
    }

    /** Whether an answer has begun to flow. The signals of a stream happen one after the other. */
    static final class FirstContent {

        private boolean emitted;

        boolean isEmitted() {
            return emitted;
        }

        void emitted() {
            emitted = true;
        }
    }
}
