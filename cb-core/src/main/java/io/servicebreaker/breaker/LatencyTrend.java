package io.servicebreaker.breaker;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long the calls of one backend take lately, and how long they took before. Calls add to it on many threads, and
 * many may read what was seen; it is looked at by one thread at a time.
 *
 * <p>What is usual is learned from calls that are no longer recent, so that a backend is compared with what it was before
 * the present trouble, and not while that lasts.
 */
final class LatencyTrend {

    /** Looks that are recent. */
    private static final int RECENT = 10;

    /** Calls before which nothing is usual. */
    private static final long LEAST_USUAL = 50;

    /** Calls over which the usual changes: a slow drift should not become usual within minutes. */
    private static final long MOST_USUAL = 5_000;

    /** So many times as long as usual is a backend that is about to fail. */
    private static final double TOO_LONG = 3;

    /** Differences below it may be chance, and nobody notices them. */
    private static final double NOTICEABLE_NANOS = 50_000_000;

    private final LongAdder calls = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final long[] recentCalls = new long[RECENT];
    private final long[] recentNanos = new long[RECENT];
    private final int leastRecent;

    private long seenCalls;
    private long seenNanos;
    private int next;
    private long usualCalls;
    private double usualNanos;

    /** As of the last look, for others. */
    private volatile double recentMean = Double.NaN;

    private volatile double usualMean = Double.NaN;

    /**
     * Creates a trend of no calls.
     *
     * @param leastRecent calls below which the recent ones are not judged
     */
    LatencyTrend(int leastRecent) {
        this.leastRecent = leastRecent;
    }

    /** A call has ended well. */
    void add(long durationNanos) {
        calls.increment();
        nanos.add(durationNanos);
    }

    /** Takes in what has been added since the last look. Returns whether calls take far longer than usual. */
    boolean look() {
        boolean isWell = !isDegraded();
        if (isWell) {
            learn(recentCalls[next], recentNanos[next]);
        }
        long callsNow = calls.sum();
        long nanosNow = nanos.sum();
        recentCalls[next] = callsNow - seenCalls;
        recentNanos[next] = nanosNow - seenNanos;
        seenCalls = callsNow;
        seenNanos = nanosNow;
        next = (next + 1) % RECENT;
        recentMean = mean();
        return isDegraded();
    }

    private void learn(long more, long moreNanos) {
        if (more > 0) {
            long known = Math.min(usualCalls, MOST_USUAL);
            usualNanos += ((double) moreNanos / more - usualNanos) * more / (known + more);
            usualCalls = known + more;
            usualMean = usualCalls < LEAST_USUAL ? Double.NaN : usualNanos;
        }
    }

    private boolean isDegraded() {
        double recent = recentMean;
        double usual = usualMean;
        return recent > TOO_LONG * usual && recent - usual > NOTICEABLE_NANOS;
    }

    private double mean() {
        long count = 0;
        long sum = 0;
        for (int i = 0; i < RECENT; i++) {
            count += recentCalls[i];
            sum += recentNanos[i];
        }
        return count < leastRecent ? Double.NaN : (double) sum / count;
    }

    /** Nanoseconds, or not a number if too few calls are recent. */
    double recentMean() {
        return recentMean;
    }

    /** Nanoseconds, or not a number if too little is known. */
    double usualMean() {
        return usualMean;
    }

    /** What was recent no longer is, and was not usual. */
    void forgetRecent() {
        for (int i = 0; i < RECENT; i++) {
            recentCalls[i] = 0;
            recentNanos[i] = 0;
        }
        seenCalls = calls.sum();
        seenNanos = nanos.sum();
        recentMean = Double.NaN;
    }
}
