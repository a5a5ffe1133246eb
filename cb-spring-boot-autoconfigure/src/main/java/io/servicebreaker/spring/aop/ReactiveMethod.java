package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Mishap;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.util.context.ContextView;

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
                ? guarded.onErrorResume(
                        FallingException.class, falling -> Mono.from(publisherInstead(invocation, falling.hop())))
                : guarded;
    }

    /** What was emitted cannot be taken back: after the first content an error is the caller's to see. */
    private <T> Flux<T> flux(Flux<T> source, MethodInvocation invocation) {
        if (!hasOtherAnswer()) {
            return new GuardedFlux<>(source, this, invocation, rules, new FirstContent());
        }
        return Flux.defer(() -> new GuardedFlux<>(source, this, invocation, rules, new FirstContent())
                .onErrorResume(FallingException.class, falling -> publisherInstead(invocation, falling.hop())));
    }

    /**
     * What is signalled to the operator behind, which asks the fallback if there is one for that.
     *
     * @param call null if it was refused, on this thread
     * @param result an answer that is not good enough, if there was one
     */
    final Throwable signal(
            MethodInvocation invocation, @Nullable OngoingCall call, Throwable failure, @Nullable Object result) {
        Hop hop = hop(invocation, call, failure, result);
        return hop == null ? failure : new FallingException(hop);
    }

    /**
     * Goes on the path that a subscriber is on, if its context names one; otherwise the thread stays where it is.
     *
     * @return what {@link AnswerPath#leave} needs
     */
    static @Nullable AnswerPath enterPathOf(ContextView context) {
        AnswerPath named = context.getOrDefault(AnswerPath.KEY, null);
        return named == null ? AnswerPath.current() : AnswerPath.enter(named);
    }

    @SuppressWarnings("unchecked") // the return type of the fallback was checked when it was bound
    private <T> Publisher<T> publisherInstead(MethodInvocation invocation, Hop hop) {
        Object answer;
        try {
            answer = publisher(answerInstead(invocation, hop));
        } catch (Throwable e) {
            return signal(e);
        }
        if (answer instanceof Mono<?> mono) {
            return (Publisher<T>) mono(mono, hop);
        }
        if (answer instanceof Flux<?> flux) {
            return (Publisher<T>) flux(flux, hop);
        }
        Throwable none = new NullPointerException("the fallback returned no publisher");
        hop.failed(none);
        return signal(Mishap.remembering(none, hop.failure()));
    }

    /** Whoever gives up tells those further down first: they know who had begun to answer. */
    private static <T> Mono<T> mono(Mono<T> answer, Hop hop) {
        return answer.doOnSuccess(hop::answered)
                .doOnError(hop::failed)
                .doFinally(signal -> hop.cancelled()) // unless it has ended before
                .onErrorMap(e -> Mishap.remembering(e, hop.failure()))
                .contextWrite(context -> context.put(AnswerPath.KEY, hop.path()));
    }

    /** An answer that has begun is one, also for whoever wants no more of it. */
    private static <T> Flux<T> flux(Flux<T> answer, Hop hop) {
        FirstContent first = new FirstContent();
        return answer.doOnNext(element -> first.emitted())
                .doOnError(hop::failed)
                .doFinally(signal -> {
                    if (signal == SignalType.CANCEL && !first.isEmitted()) {
                        hop.cancelled();
                    } else {
                        hop.answered(first.isEmitted() ? first : null);
                    }
                })
                .onErrorMap(e -> Mishap.remembering(e, hop.failure()))
                .contextWrite(context -> context.put(AnswerPath.KEY, hop.path()));
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
