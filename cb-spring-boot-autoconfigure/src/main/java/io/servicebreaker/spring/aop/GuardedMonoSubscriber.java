package io.servicebreaker.spring.aop;

import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.UnacceptableResultException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * The value ends the call, since a subscriber may cancel as soon as it has it. An answer that is not good enough
 * becomes an error if there is a fallback that takes it.
 */
final class GuardedMonoSubscriber<T> extends GuardedSubscriber<T> {

    private final OngoingCall call;
    private final ReactiveMethod method;
    private final MethodInvocation invocation;
    private boolean answered;
    private boolean replaced;

    GuardedMonoSubscriber(
            CoreSubscriber<? super T> actual, OngoingCall call, ReactiveMethod method, MethodInvocation invocation) {
        super(actual, call);
        this.call = call;
        this.method = method;
        this.invocation = invocation;
    }

    @Override
    public void onNext(T value) {
        if (!isReplaced(value)) {
            actual.onNext(value);
        } else {
            cancelUpstream();
            Operators.onDiscard(value, currentContext());
        }
    }

    @Override
    public void onComplete() {
        if (!replaced && (answered || !isReplaced(null))) {
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (replaced) {
            Operators.onErrorDropped(failure, currentContext());
        } else {
            super.onError(failure);
        }
    }

    @Override
    Throwable signal(Throwable failure) {
        return method.signal(invocation, call, failure, null);
    }

    private boolean isReplaced(@Nullable T value) {
        answered = true;
        UnacceptableResultException objection = method.answered(call, invocation, value);
        Throwable signal = objection == null ? null : method.signal(invocation, call, objection, value);
        if (signal instanceof FallingException) {
            replaced = true;
            actual.onError(signal);
        }
        return replaced;
    }
}
