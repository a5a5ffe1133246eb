package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.OngoingCall;
import org.aopalliance.intercept.MethodInvocation;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A {@link Mono} each of whose subscriptions is a guarded call. */
final class GuardedMono<T> extends MonoOperator<T, T> {

    private final ReactiveMethod method;
    private final MethodInvocation invocation;

    GuardedMono(Mono<? extends T> source, ReactiveMethod method, MethodInvocation invocation) {
        super(source);
        this.method = method;
        this.invocation = invocation;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        OngoingCall call;
        AnswerPath around = ReactiveMethod.enterPathOf(actual.currentContext());
        try {
            call = method.begin(invocation);
        } catch (CallRejectedException refusal) {
            Operators.error(actual, method.signal(invocation, null, refusal, null));
            return;
        } finally {
            AnswerPath.leave(around);
        }
        if (call == null) {
            source.subscribe(actual);
        } else {
            new GuardedMonoSubscriber<>(actual, call, method, invocation).subscribeTo(source);
        }
    }
}
