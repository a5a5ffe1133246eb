package io.servicebreaker.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds the calls of one service that are under way. Lock-free, safe for use by many threads; refuses instead of
 * queueing.
 *
 * <p>A call that nobody ever ends, because its thread died or its stage was dropped, gives its place back after a lease.
 * Leases cost nothing for each call: calls are counted by the generation they began in, a generation lasts as long as a
 * lease, and the last but one is forgotten.
 */
public final class ConcurrencyLimit implements Gate {

    private final int limit;
    private final long leaseNanos;
    private final Rejection full;
    private final AtomicReference<Generations> generations;

    /**
     * Creates a limit.
     *
     * @param limit calls at a time, at least 1
     * @param lease a call holds its place for at least so long, and for at most twice as long if nobody ends it; longer
     *     than any call should take, above 0
     */
    public ConcurrencyLimit(int limit, Duration lease) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", allowed is at least 1");
        }
        if (lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("lease is " + lease + ", allowed is above 0");
        }
        this.limit = limit;
        this.leaseNanos = lease.toNanos();
        this.full = new Rejection(
                RejectionReason.TOO_MANY_CALLS,
                RejectionScope.SERVICE,
                Rejection.UNKNOWN_TIME,
                limit + " calls are under way (max-concurrent-calls)");
        this.generations = new AtomicReference<>(new Generations(new Generation(), new Generation(), 0));
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        while (true) {
            Generations now = at(nowNanos);
            int before = now.newest.get();
            if (before + now.older.get() >= limit) {
                return full;
            }
            if (now.newest.compareAndSet(before, before + 1)) {
                if (generations.get() == now) {
                    return now.newest;
                }
                now.newest.decrementAndGet(); // whoever began a generation meanwhile may not have counted this call
            }
        }
    }

    private Generations at(long now) {
        Generations seen = generations.get();
        long age = now - seen.begun;
        if (age < leaseNanos) {
            return seen;
        }
        Generation older = age < 2 * leaseNanos ? seen.newest : new Generation();
        generations.compareAndSet(seen, new Generations(new Generation(), older, now - age % leaseNanos));
        return generations.get();
    }

    /** Calls under way. */
    public int underWay() {
        Generations now = generations.get();
        return now.newest.get() + now.older.get();
    }

    private static final class Generations {
        private final Generation newest;
        private final Generation older;
        private final long begun;

        Generations(Generation newest, Generation older, long begun) {
            this.newest = newest;
            this.older = older;
            this.begun = begun;
        }
    }

    /** The calls that began in a time as long as a lease; the permit of each of them. */
    private static final class Generation extends AtomicInteger implements Permit {

        private static final long serialVersionUID = 1L;

        @Override
        public void finish(Outcome outcome, long durationNanos, long nowNanos) {
            decrementAndGet();
        }
    }
}
