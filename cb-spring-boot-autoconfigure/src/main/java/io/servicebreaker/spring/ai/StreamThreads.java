package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which streamed questions are sent, in the place of the HTTP client's own: they know the call of a question.
 * There is one as long as a stream has not begun. Safe for use by many threads.
 */
final class StreamThreads implements AutoCloseable {

    private final AtomicLong last = new AtomicLong();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> new StreamThread(work, last.incrementAndGet()));

    /** Whether this thread is one of them. */
    static boolean isOne() {
        return Thread.currentThread() instanceof StreamThread;
    }

    /** Sends within a call, or outside of any. What it throws is what the answer fails with. */
    <T> CompletableFuture<T> send(@Nullable OngoingCall call, Supplier<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> send(call, request, answer));
        return answer;
    }

    private static <T> void send(@Nullable OngoingCall call, Supplier<T> request, CompletableFuture<T> answer) {
        OngoingCall around = CurrentCall.enter(call);
        T begun;
        try {
            begun = request.get();
        } catch (Throwable e) {
            answer.completeExceptionally(e);
            return;
        } finally {
            CurrentCall.leave(around);
        }
        answer.complete(begun);
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private static final class StreamThread extends Thread {

        StreamThread(Runnable work, long number) {
            super(work, "service-breaker-stream-" + number);
            setDaemon(true);
        }
    }
}
