package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.UnacceptableResultException;
import java.util.concurrent.CancellationException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for calls of one annotated method; made once. Safe for use by many threads.
 *
 * <p>There is a subclass for each way in which a method can answer.
 */
abstract class GuardedMethod {

    private final CallOrchestrator orchestrator;
    private final InternalFaults faults;
    private final RequestSource requests;
    private final @Nullable Acceptance acceptance;
    private final @Nullable Fallback fallback;
    private final boolean looksUp;
    private final @Nullable EmptyAnswer emptyAnswer;

    GuardedMethod(Parts parts) {
        this.orchestrator = parts.orchestrator;
        this.faults = parts.faults;
        this.requests = parts.requests;
        this.acceptance = parts.acceptance;
        this.fallback = parts.fallback;
        this.looksUp = parts.looksUp;
        this.emptyAnswer = parts.emptyAnswer;
    }

    /** Makes the call. */
    abstract @Nullable Object invoke(MethodInvocation invocation) throws Throwable;

    /**
     * Asks for leave.
     *
     * @return null if we are broken: the call is then made unguarded
     * @throws CallRejectedException if the call is refused
     */
    final @Nullable OngoingCall begin(MethodInvocation invocation) {
        try {
            return orchestrator.begin(requests.request(invocation.getArguments()));
        } catch (CallRejectedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            faults.record("annotation", e);
            return null;
        }
    }

    /** Runs the method, in which clients find its call. */
    static @Nullable Object proceed(MethodInvocation invocation, OngoingCall call) throws Throwable {
        OngoingCall around = CurrentCall.enter(call);
        try {
            return invocation.proceed();
        } finally {
            CurrentCall.leave(around);
        }
    }

    /** Ends a call that gave an answer; returns why the answer is not good enough, or null if it is. */
    final @Nullable UnacceptableResultException answered(
            OngoingCall call, MethodInvocation invocation, @Nullable Object result) {
        UnacceptableResultException objection =
                acceptance == null ? null : acceptance.objection(invocation.getArguments(), result);
        if (objection == null) {
            ended(call, !EmptyAnswer.isEmpty(result));
        } else {
            call.failed(objection);
        }
        return objection;
    }

    /** Ends a call that gave an answer, which may have been empty. */
    final void ended(OngoingCall call, boolean found) {
        if (!looksUp) {
            call.succeeded();
        } else if (found) {
            call.hit();
        } else {
            call.missed();
        }
    }

    /** Ends a call that failed. A cancellation says nothing about the service, whatever is configured. */
    static void failed(OngoingCall call, Throwable failure) {
        if (failure instanceof CancellationException) {
            call.cancelled();
        } else {
            call.failed(failure);
        }
    }

    final boolean hasFallback() {
        return fallback != null;
    }

    final boolean hasOtherAnswer() {
        return fallback != null || emptyAnswer != null;
    }

    final boolean canAnswer(Throwable failure) {
        return fallback == null ? emptyAnswer != null && emptyAnswer.answers(failure) : fallback.answers(failure);
    }

    /** What the fallback answers, or the empty answer; without either the failure is thrown. */
    final @Nullable Object answerInstead(MethodInvocation invocation, Throwable failure) throws Throwable {
        if (fallback != null) {
            return fallback.answer(invocation, failure);
        }
        if (emptyAnswer == null) {
            throw failure;
        }
        return emptyAnswer.value();
    }

    final void fault(Throwable e) {
        faults.record("annotation", e);
    }

    /**
     * What a guarded method is made of.
     *
     * @param requests what to ask for
     * @param acceptance who judges answers, if anybody
     * @param fallback who answers instead, if anybody
     * @param looksUp whether an empty answer is a miss
     * @param emptyAnswer what is answered instead of a refusal if nobody else does, or null
     */
    record Parts(
            CallOrchestrator orchestrator,
            InternalFaults faults,
            RequestSource requests,
            @Nullable Acceptance acceptance,
            @Nullable Fallback fallback,
            boolean looksUp,
            @Nullable EmptyAnswer emptyAnswer) {}
}
