package io.servicebreaker.call;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the calls of one service that are under way. Lock-free, safe for use by many threads; refuses instead of
 * queueing.
 */
public final class ConcurrencyLimit implements Gate, Permit {

    private final int limit;
    private final Rejection full;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Creates a limit.
     *
     * @param limit calls at a time, at least 1
     */
    public ConcurrencyLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", allowed is at least 1");
        }
        this.limit = limit;
        this.full = new Rejection(
                RejectionReason.TOO_MANY_CALLS,
                RejectionScope.SERVICE,
                Rejection.UNKNOWN_TIME,
                limit + " calls are under way (max-concurrent-calls)");
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        int before;
        do {
            before = underWay.get();
            if (before >= limit) {
                return full;
            }
        } while (!underWay.compareAndSet(before, before + 1));
        return this;
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long nowNanos) {
        underWay.decrementAndGet();
    }

    /** Calls under way. */
    public int underWay() {
        return underWay.get();
    }
}
