package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.UnacceptableResultException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** Answers by returning. The call ends when the method returns or throws. */
final class BlockingMethod extends GuardedMethod {

    BlockingMethod(Parts parts) {
        super(parts);
    }

    @Override
    @Nullable
    Object invoke(MethodInvocation invocation) throws Throwable {
        OngoingCall call;
        try {
            call = begin(invocation);
        } catch (CallRejectedException refusal) {
            return recover(invocation, null, refusal);
        }
        if (call == null) {
            return invocation.proceed();
        }
        Object result;
        try {
            result = proceed(invocation, call);
        } catch (Throwable failure) {
            call.failed(failure);
            return recover(invocation, call, failure);
        }
        UnacceptableResultException objection = answered(call, invocation, result);
        return objection == null ? result : replace(invocation, call, objection, result);
    }

    /** A thread that was asked to stop starts nothing new. */
    private @Nullable Object recover(MethodInvocation invocation, @Nullable OngoingCall call, Throwable failure)
            throws Throwable {
        Hop hop = Thread.currentThread().isInterrupted() ? null : hop(invocation, call, failure, null);
        if (hop == null) {
            throw failure;
        }
        return instead(invocation, hop);
    }

    private @Nullable Object replace(
            MethodInvocation invocation, OngoingCall call, Throwable objection, @Nullable Object result)
            throws Throwable {
        Hop hop = hop(invocation, call, objection, result);
        return hop == null ? result : instead(invocation, hop);
    }

    private @Nullable Object instead(MethodInvocation invocation, Hop hop) throws Throwable {
        Object answer = answerInstead(invocation, hop);
        hop.answered(answer);
        return answer;
    }
}
