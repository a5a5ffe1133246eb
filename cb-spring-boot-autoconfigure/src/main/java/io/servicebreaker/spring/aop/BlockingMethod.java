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
            return recover(invocation, refusal);
        }
        if (call == null) {
            return invocation.proceed();
        }
        Object result;
        try {
            result = proceed(invocation, call);
        } catch (Throwable failure) {
            call.failed(failure);
            return recover(invocation, failure);
        }
        UnacceptableResultException objection = answered(call, invocation, result);
        return objection == null ? result : replace(invocation, objection, result);
    }

    /** A thread that was asked to stop starts nothing new. */
    private @Nullable Object recover(MethodInvocation invocation, Throwable failure) throws Throwable {
        if (!canAnswer(failure) || Thread.currentThread().isInterrupted()) {
            throw failure;
        }
        return answerInstead(invocation, failure);
    }

    private @Nullable Object replace(MethodInvocation invocation, Throwable objection, @Nullable Object result)
            throws Throwable {
        return canAnswer(objection) ? answerInstead(invocation, objection) : result;
    }
}
