package io.servicebreaker.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds the calls of one service that are under way. Lock-free, safe for use by many threads; refuses instead of
 * queueing.
 *
 * <p>Once there has been an essential call, the last tenth of the places is kept for such; of fewer than ten places, none.
 *
 * <p>A call that nobody ever ends, because its thread died or its stage was dropped, gives its place back after a lease.
 * Leases cost nothing for each call: calls are counted by the generation they began in, a generation lasts as long as a
 * lease, and the last but one is forgotten.
 */
public final class ConcurrencyLimit implements Gate {

    private static final int RESERVE = 10;

    private final int limit;
    private final int ordinary;
    private final long leaseNanos;
    private final Rejection full;
    private final Rejection reserved;
    private final AtomicReference<Generations> generations;

    /** Whether places are kept: not for calls that never come. */
    private volatile boolean hasEssentialCalls;

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
        this.ordinary = limit - limit / RESERVE;
        this.leaseNanos = lease.toNanos();
        this.full = refusal(limit + " calls are under way (max-concurrent-calls)");
        this.reserved = ordinary == limit
                ? full
                : refusal(
                        ordinary + " calls are under way, and more only if they are essential (max-concurrent-calls)");
        this.generations = new AtomicReference<>(new Generations(new Generation(), new Generation(), 0));
    }

    private static Rejection refusal(String explanation) {
        return new Rejection(
                RejectionReason.TOO_MANY_CALLS, RejectionScope.SERVICE, Rejection.UNKNOWN_TIME, explanation);
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        int places = places(request);
        while (true) {
            Generations now = at(nowNanos);
            int before = now.newest.get();
            if (before + now.older.get() >= places) {
                return places == limit ? full : reserved;
            }
            if (now.newest.compareAndSet(before, before + 1)) {
                if (generations.get() == now) {
                    return now.newest;
                }
                now.newest.decrementAndGet(); // whoever began a generation meanwhile may not have counted this call
            }
        }
    }

    private int places(CallRequest request) {
        if (request.isEssential()) {
            if (!hasEssentialCalls) { // a write each time would slow down whoever reads it
                hasEssentialCalls = true;
            }
            return limit;
        }
        return hasEssentialCalls ? ordinary : limit;
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
