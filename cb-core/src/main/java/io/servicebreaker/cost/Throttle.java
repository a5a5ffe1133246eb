package io.servicebreaker.cost;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a share of calls through, the first of them and then as evenly as the share allows. Lock-free, safe for use by many
 * threads.
 */
final class Throttle {

    /** Of an account to which each call adds its share, and from which one that goes through takes a whole. */
    private static final int WHOLE_BITS = 32;

    private static final long WHOLE = 1L << WHOLE_BITS;
    private static final long NEVER = -1;
    private static final int WEIGHT = 8;
    private static final long LEAST_NANOS = 100_000_000L;
    private static final long MOST_NANOS = 60_000_000_000L;
    private static final long USUAL_NANOS = 1_000_000_000L;

    private final long share;
    private final AtomicLong account;
    private volatile long lastNanos = NEVER;
    private volatile long gapNanos = NEVER;

    Throttle(double factor) {
        this.share = (long) Math.ceil(factor * WHOLE); // so that one in five is not one in six
        this.account = new AtomicLong(WHOLE - share);
    }

    boolean letsThrough(long now) {
        keepPace(now);
        long before = account.getAndAdd(share);
        return (before >>> WHOLE_BITS) != ((before + share) >>> WHOLE_BITS);
    }

    /** An average of the last gaps between calls; who comes at the same time as another may be overlooked. */
    private void keepPace(long now) {
        long last = lastNanos;
        if (last != NEVER) {
            long gap = Math.min(MOST_NANOS, Math.max(0, now - last));
            long average = gapNanos;
            gapNanos = average == NEVER ? gap : average + (gap - average) / WEIGHT;
        }
        lastNanos = now;
    }

    /** When, at the pace of late, the next call is let through. */
    long waitNanos() {
        long gap = gapNanos;
        if (gap == NEVER) {
            return USUAL_NANOS;
        }
        long missing = WHOLE - (account.get() & (WHOLE - 1));
        double calls = Math.ceil((double) missing / share);
        return (long) Math.max(LEAST_NANOS, Math.min(MOST_NANOS, calls * gap));
    }
}
