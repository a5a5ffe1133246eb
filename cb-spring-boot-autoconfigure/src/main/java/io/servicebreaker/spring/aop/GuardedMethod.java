package io.servicebreaker.spring.aop;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.UnacceptableResultException;
import io.servicebreaker.spring.Hops;
import io.servicebreaker.spring.Mishap;
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
    private final @Nullable Confidence confidence;
    private final @Nullable Fallback fallback;
    private final Hops hops;
    private final boolean looksUp;
    private final @Nullable EmptyAnswer emptyAnswer;

    GuardedMethod(Parts parts) {
        this.orchestrator = parts.orchestrator;
        this.faults = parts.faults;
        this.requests = parts.requests;
        this.acceptance = parts.acceptance;
        this.confidence = parts.confidence;
        this.fallback = parts.fallback;
        this.hops = parts.hops;
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
            grade(call, invocation, result);
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

    /** Nobody asks where nobody follows the path of the answer. */
    private void grade(OngoingCall call, MethodInvocation invocation, @Nullable Object result) {
        AnswerPath path = confidence == null ? null : call.path();
        Double told = path == null ? null : confidenceOf(invocation, result);
        if (path != null && told != null) {
            path.graded(told);
        }
    }

    private @Nullable Double confidenceOf(MethodInvocation invocation, @Nullable Object result) {
        return confidence == null ? null : confidence.of(invocation.getArguments(), result);
    }

    final boolean hasOtherAnswer() {
        return fallback != null || emptyAnswer != null;
    }

    /**
     * The way to another answer, or null if the failure is the caller's to see.
     *
     * @param call null if it was refused, on this thread
     * @param result an answer that is not good enough, if there was one
     */
    final @Nullable Hop hop(
            MethodInvocation invocation, @Nullable OngoingCall call, Throwable failure, @Nullable Object result) {
        Mishap mishap = Mishap.of(failure, call);
        boolean nothing = fallback == null && emptyAnswer != null && emptyAnswer.answers(failure);
        if (mishap.isTheCallers() || (fallback == null && !nothing && !Hops.isOnLadder(call))) {
            return null;
        }
        CallRequest request = call == null ? requests.request(invocation.getArguments()) : call.request();
        Double told = failure instanceof UnacceptableResultException ? confidenceOf(invocation, result) : null;
        Hop hop = new Hop(hops, request, call, mishap, fallback, told);
        if (!hop.hasRung() && !nothing) {
            hop.nobody();
            return null;
        }
        return hop;
    }

    /** What the fallback answers, or the empty answer. Who gets it tells the hop how that ends, if it is not thrown. */
    final @Nullable Object answerInstead(MethodInvocation invocation, Hop hop) throws Throwable {
        if (hop.hasRung() || emptyAnswer == null) {
            return hop.ask(invocation);
        }
        hop.empty();
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
     * @param confidence who asks them how far they are to be trusted, if anybody
     * @param fallback who answers instead, if anybody
     * @param looksUp whether an empty answer is a miss
     * @param emptyAnswer what is answered instead of a refusal if nobody else does, or null
     */
    record Parts(
            CallOrchestrator orchestrator,
            InternalFaults faults,
            RequestSource requests,
            @Nullable Acceptance acceptance,
            @Nullable Confidence confidence,
            @Nullable Fallback fallback,
            Hops hops,
            boolean looksUp,
            @Nullable EmptyAnswer emptyAnswer) {}
}
