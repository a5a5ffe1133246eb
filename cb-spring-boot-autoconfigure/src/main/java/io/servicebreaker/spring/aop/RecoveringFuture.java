package io.servicebreaker.spring.aop;

import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.Mishap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a method or, if that is no use, of its fallback, which runs on the thread that completed the method's
 * stage.
 *
 * <p>Its first end is the end of the call, also when the caller brings it about by {@code orTimeout}, {@code cancel} or
 * {@code complete}. If that is a failure, whichever of the two is under way is cancelled.
 */
final class RecoveringFuture extends CompletableFuture<@Nullable Object> {

    private final StageMethod method;
    private volatile CompletionStage<?> underWay;

    private RecoveringFuture(StageMethod method, CompletionStage<?> underWay) {
        this.method = method;
        this.underWay = underWay;
    }

    /** Waits for the method's stage. */
    static RecoveringFuture of(
            StageMethod method, MethodInvocation invocation, CompletionStage<?> source, OngoingCall call) {
        RecoveringFuture future = new RecoveringFuture(method, source);
        future.whenEnded(error -> future.ended(call, error));
        source.whenComplete((result, error) -> future.settle(call, invocation, result, error));
        return future;
    }

    /** Waits for the stage of a fallback, which was asked on this hop. */
    static RecoveringFuture following(StageMethod method, CompletionStage<?> answer, Hop hop) {
        RecoveringFuture future = new RecoveringFuture(method, answer);
        future.whenEnded(error -> future.cancelIfFailed());
        future.follow(answer, hop);
        return future;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends as this one does
    private void whenEnded(Consumer<@Nullable Throwable> action) {
        whenComplete((result, error) -> action.accept(error));
    }

    /** Unless the caller is the first to end it, the call has ended before and takes no further verdict. */
    private void ended(OngoingCall call, @Nullable Throwable error) {
        if (error == null) {
            call.close();
        } else {
            GuardedMethod.failed(call, error);
        }
        cancelIfFailed();
    }

    private void cancelIfFailed() {
        if (isCompletedExceptionally() && underWay instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private void settle(
            OngoingCall call, MethodInvocation invocation, @Nullable Object result, @Nullable Throwable error) {
        Hop hop = hop(call, invocation, result, error);
        if (hop == null) {
            pass(result, error);
        } else {
            recover(invocation, hop);
        }
    }

    /** On which the fallback answers, or null if it does not. A fault of ours leaves the answer as it is. */
    private @Nullable Hop hop(
            OngoingCall call, MethodInvocation invocation, @Nullable Object result, @Nullable Throwable error) {
        try {
            Throwable objection = method.end(call, invocation, result, error);
            return objection == null || isDone() ? null : method.hop(invocation, call, objection, result);
        } catch (RuntimeException | Error e) {
            method.fault(e);
            return null;
        }
    }

    private void recover(MethodInvocation invocation, Hop hop) {
        try {
            follow(method.stageInstead(invocation, hop), hop);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    private void follow(CompletionStage<?> answer, Hop hop) {
        underWay = answer;
        cancelIfFailed(); // the caller may have given up while the fallback was asked
        answer.whenComplete((result, error) -> {
            if (error == null) {
                hop.answered(result);
                pass(result, null);
            } else {
                hop.failed(error);
                pass(null, Mishap.remembering(error, hop.failure()));
            }
        });
    }

    private void pass(@Nullable Object result, @Nullable Throwable error) {
        if (error != null) {
            completeExceptionally(error);
        } else {
            complete(result);
        }
    }
}
