package io.servicebreaker.coordination;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failures of one service that may have a cause in common with those of others. Lock-free, safe for use by many
 * threads.
 *
 * <p>A failure is one atomic addition in a stripe of the thread; when it happened is told by the difference between two
 * looks. What is nobody's outage is not counted: limits, quotas, credentials, wrong requests, cancelled and refused calls.
 */
final class FailureCounts implements CallListener {

    /** Four for each processor, up to a bound on memory; a power of two. */
    private static final int STRIPES =
            4 * Integer.highestOneBit(Math.min(8, Runtime.getRuntime().availableProcessors()));

    /** Longs in two lines of the cache, which processors fetch together. */
    private static final int STRIDE = 16;

    /** Away from what lies before the array. */
    private static final int FIRST = STRIDE / 2;

    private static final int UNREACHED = 0;
    private static final int ANSWERED = 1;

    private final AtomicLongArray stripes = new AtomicLongArray((STRIPES + 1) * STRIDE);

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        if (outcome.end() == Outcome.Kind.FAILURE) {
            count(outcome.cause());
        }
    }

    private void count(@Nullable FailureCause cause) {
        if (cause == null) {
            return;
        }
        switch (cause) {
            case TIMEOUT, CONNECTION -> add(UNREACHED);
            case SERVER_ERROR, OVERLOADED, UNKNOWN -> add(ANSWERED);
            default -> {}
        }
    }

    private void add(int number) {
        long hash = Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L;
        int stripe = (int) (hash >>> 32) & (STRIPES - 1);
        stripes.getAndAdd(stripe * STRIDE + FIRST + number, 1);
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {}

    /** Failures since the start without an answer: timeouts and broken connections. */
    long unreached() {
        return sum(UNREACHED);
    }

    /** Other failures since the start. */
    long answered() {
        return sum(ANSWERED);
    }

    private long sum(int number) {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += stripes.get(stripe * STRIDE + FIRST + number);
        }
        return sum;
    }
}
