package io.servicebreaker.spring.aop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a method or, if that is no use, of its fallback, which runs on the thread that completed the method's
 * stage. Cancelling it cancels whichever of the two is under way.
 */
final class RecoveringFuture extends CompletableFuture<@Nullable Object> {

    private final Fallback fallback;
    private final MethodInvocation invocation;
    private volatile CompletionStage<?> underWay;

    private RecoveringFuture(CompletionStage<?> source, Fallback fallback, MethodInvocation invocation) {
        this.underWay = source;
        this.fallback = fallback;
        this.invocation = invocation;
    }

    /**
     * Waits for the method's stage.
     *
     * @param judge tells what speaks against a result, or null
     */
    static RecoveringFuture of(
            CompletionStage<?> source,
            Fallback fallback,
            MethodInvocation invocation,
            BiFunction<@Nullable Object, @Nullable Throwable, @Nullable Throwable> judge) {
        RecoveringFuture future = new RecoveringFuture(source, fallback, invocation);
        source.whenComplete((result, error) -> future.settle(result, error, judge.apply(result, error)));
        return future;
    }

    /** Asks the fallback at once; what it throws stays thrown. */
    static @Nullable CompletionStage<?> answering(Fallback fallback, MethodInvocation invocation, Throwable failure)
            throws Throwable {
        CompletionStage<?> answer = (CompletionStage<?>) fallback.answer(invocation, failure);
        if (answer == null) {
            return null;
        }
        answer.whenComplete((result, error) -> {
            if (error != null) {
                Fallback.remembering(Fallback.unwrapped(error), failure);
            }
        });
        return answer;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        cancelUnderWay();
        return cancelled;
    }

    private void cancelUnderWay() {
        if (underWay instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private void settle(@Nullable Object result, @Nullable Throwable error, @Nullable Throwable objection) {
        if (objection != null && !isDone() && fallback.answers(objection)) {
            recover(objection);
        } else if (error != null) {
            completeExceptionally(error);
        } else {
            complete(result);
        }
    }

    private void recover(Throwable objection) {
        try {
            CompletionStage<?> answer = answering(fallback, invocation, objection);
            if (answer == null) {
                complete(null);
                return;
            }
            follow(answer);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    private void follow(CompletionStage<?> answer) {
        underWay = answer;
        if (isCancelled()) {
            cancelUnderWay();
        }
        answer.whenComplete((result, error) -> {
            if (error != null) {
                completeExceptionally(error);
            } else {
                complete(result);
            }
        });
    }
}
