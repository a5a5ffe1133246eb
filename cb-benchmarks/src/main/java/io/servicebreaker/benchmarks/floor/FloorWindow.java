package io.servicebreaker.benchmarks.floor;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The plainest sliding window that loses no result: 60 s in a ring of buckets.
 *
 * <p>A bucket lasts 2<sup>30</sup> ns, a little over a second, so that finding it costs a shift and a mask. Failures are
 * in the upper half of a count and successes in the lower, so one atomic addition records either. A thread that is
 * suspended for a whole turn of the ring between finding its bucket and adding to it counts in the bucket's next life.
 */
public final class FloorWindow {
    private static final int BUCKET_SHIFT = 30;
    private static final int RING = 64;
    private static final int WINDOW = 56;
    private static final long SUCCESS = 1L;
    private static final long FAILURE = 1L << 32;

    private final AtomicLongArray periods = new AtomicLongArray(RING);
    private final AtomicLongArray counts = new AtomicLongArray(RING);

    public FloorWindow() {
        for (int bucket = 0; bucket < RING; bucket++) {
            periods.setPlain(bucket, Long.MIN_VALUE);
        }
    }

    public void record(long nowNanos, boolean success) {
        long period = nowNanos >> BUCKET_SHIFT;
        int bucket = (int) period & (RING - 1);
        if (periods.get(bucket) != period && !recycle(bucket, period)) {
            return;
        }
        counts.getAndAdd(bucket, success ? SUCCESS : FAILURE);
    }

    public int successes(long nowNanos) {
        return (int) total(nowNanos);
    }

    public int failures(long nowNanos) {
        return (int) (total(nowNanos) >>> 32);
    }

    private long total(long nowNanos) {
        long newest = nowNanos >> BUCKET_SHIFT;
        long total = 0;
        for (int bucket = 0; bucket < RING; bucket++) {
            long age = newest - periods.get(bucket);
            total += age >= 0 && age < WINDOW ? counts.get(bucket) : 0;
        }
        return total;
    }

    /** False if the bucket already belongs to a later period: the result is too old to count. */
    private synchronized boolean recycle(int bucket, long period) {
        if (periods.get(bucket) < period) {
            counts.set(bucket, 0);
            periods.set(bucket, period);
        }
        return periods.get(bucket) == period;
    }
}
