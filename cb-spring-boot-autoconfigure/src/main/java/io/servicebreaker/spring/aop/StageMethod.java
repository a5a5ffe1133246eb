package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.OngoingCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Answers by a {@link CompletionStage}. The call ends when the stage completes.
 *
 * <p>Unless something can be answered instead, or its path is followed, the caller gets the method's own stage, so that cancelling it reaches whoever made it. A refusal
 * is a failed stage; what the method throws instead of returning a stage stays thrown.
 */
final class StageMethod extends GuardedMethod {

    StageMethod(Parts parts) {
        super(parts);
    }

    @Override
    @Nullable
    Object invoke(MethodInvocation invocation) throws Throwable {
        OngoingCall call;
        try {
            call = begin(invocation);
        } catch (CallRejectedException refusal) {
            return refused(invocation, refusal);
        }
        if (call == null) {
            return invocation.proceed();
        }
        CompletionStage<?> stage;
        try {
            stage = (CompletionStage<?>) proceed(invocation, call);
        } catch (Throwable failure) {
            call.failed(failure);
            return thrown(invocation, call, failure);
        }
        if (stage == null) {
            call.succeeded();
            return null;
        }
        return watch(stage, call, invocation);
    }

    private CompletionStage<?> refused(MethodInvocation invocation, CallRejectedException refusal) throws Throwable {
        Hop hop = hop(invocation, null, refusal, null);
        return hop == null ? CompletableFuture.failedFuture(refusal) : recovered(invocation, hop);
    }

    private CompletionStage<?> thrown(MethodInvocation invocation, OngoingCall call, Throwable failure)
            throws Throwable {
        Hop hop = hop(invocation, call, failure, null);
        if (hop == null) {
            throw failure;
        }
        return recovered(invocation, hop);
    }

    private CompletionStage<?> recovered(MethodInvocation invocation, Hop hop) throws Throwable {
        return RecoveringFuture.following(this, stageInstead(invocation, hop), hop);
    }

    private CompletionStage<?> watch(CompletionStage<?> stage, OngoingCall call, MethodInvocation invocation) {
        try {
            if (hasOtherAnswer() || call.path() != null) { // who follows it hears of its end after us only so
                return RecoveringFuture.of(this, invocation, stage, call);
            }
            stage.whenComplete((result, error) -> end(call, invocation, result, error));
        } catch (RuntimeException | Error e) {
            call.close();
            fault(e);
        }
        return stage;
    }

    /** Asks the fallback for a stage; what it throws instead stays thrown. */
    CompletionStage<?> stageInstead(MethodInvocation invocation, Hop hop) throws Throwable {
        CompletionStage<?> answer = (CompletionStage<?>) answerInstead(invocation, hop);
        return answer == null
                ? CompletableFuture.failedFuture(new NullPointerException("the fallback returned no stage"))
                : answer;
    }

    /** Reports the end of the stage; returns why the caller should not get this result, or null if it should. */
    @Nullable
    Throwable end(OngoingCall call, MethodInvocation invocation, @Nullable Object result, @Nullable Throwable error) {
        if (error == null) {
            return answered(call, invocation, result);
        }
        failed(call, error);
        return error;
    }
}
