package io.servicebreaker.breaker;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The results of a closed breaker over a sliding time window. Lock-free, safe for use by many threads.
 *
 * <p>A result counts until the bucket it fell into began a full window ago: for at least 11/12 of the window and at
 * most all of it. Buckets begin with their first result, so idle time costs nothing, and a clock that stands still or
 * runs backwards adds to the newest one.
 *
 * <p>A call is counted before it is counted as slow or timed out, and each bucket is read in the opposite order, so
 * nobody ever sees more slow calls than calls.
 *
 * <p>Two counts share a word, so that a result is one atomic addition. Threads that meet on a word spread over lanes of
 * their own, as in {@link java.util.concurrent.atomic.LongAdder}.
 */
final class FailureWindow {

    private static final int BUCKETS = 12;
    private static final long ONE_UPPER = 1L << 32;
    private static final long ONE_OF_BOTH = ONE_UPPER + 1;
    /** Two for each processor, up to a bound on memory: two running threads rarely share one. */
    private static final int LANES =
            2 * Integer.highestOneBit(Math.min(8, Runtime.getRuntime().availableProcessors()));

    private static final AtomicLongFieldUpdater<Bucket> COUNTS =
            AtomicLongFieldUpdater.newUpdater(Bucket.class, "counts");
    private static final AtomicLongFieldUpdater<Bucket> SLOW = AtomicLongFieldUpdater.newUpdater(Bucket.class, "slow");
    private static final AtomicLongFieldUpdater<Bucket> TIMEOUTS =
            AtomicLongFieldUpdater.newUpdater(Bucket.class, "timeouts");

    private volatile long windowNanos;
    private volatile long bucketNanos;
    private final Lane firstLane = new Lane();

    /** Null until threads have met; the first lane keeps what it has. */
    private volatile Lane @Nullable [] moreLanes;

    FailureWindow(long windowNanos) {
        this.windowNanos = windowNanos;
        this.bucketNanos = bucketNanos(windowNanos);
    }

    private static long bucketNanos(long windowNanos) {
        return Math.max(1, windowNanos / BUCKETS);
    }

    /** Gives it another length from now on. What a shorter one has forgotten does not come back. */
    void resize(long nanos) {
        windowNanos = nanos;
        bucketNanos = bucketNanos(nanos);
    }

    long nanos() {
        return windowNanos;
    }

    /** A call succeeded in time. */
    void success(long now) {
        Bucket bucket = bucket(now);
        long seen = bucket.counts;
        if (!COUNTS.compareAndSet(bucket, seen, seen + ONE_UPPER)) {
            spread();
            COUNTS.getAndAdd(bucket(now), ONE_UPPER);
        }
    }

    /** A call succeeded slowly. */
    void slowSuccess(long now) {
        Bucket bucket = bucket(now);
        COUNTS.getAndAdd(bucket, ONE_UPPER);
        SLOW.getAndAdd(bucket, ONE_UPPER);
    }

    /** A call failed. */
    void failure(long now, boolean slow, boolean timeout) {
        Bucket bucket = bucket(now);
        COUNTS.getAndAdd(bucket, ONE_OF_BOTH);
        if (slow) {
            SLOW.getAndAdd(bucket, ONE_OF_BOTH);
        }
        if (timeout) {
            TIMEOUTS.getAndAdd(bucket, 1L);
        }
    }

    /** What is in the window: consistent for each bucket, though not for all of them at one moment. */
    WindowCounts counts(long now) {
        Sum sum = new Sum();
        add(firstLane, now, sum);
        Lane[] more = moreLanes;
        if (more != null) {
            for (Lane lane : more) {
                add(lane, now, sum);
            }
        }
        return sum.counts();
    }

    private void add(Lane lane, long now, Sum sum) {
        for (Bucket bucket = lane.get(); bucket != null && isLive(bucket, now); bucket = bucket.older) {
            sum.add(bucket);
        }
    }

    private boolean isLive(Bucket bucket, long now) {
        return now - bucket.start < windowNanos;
    }

    private Bucket bucket(long now) {
        Lane lane = lane();
        Bucket newest = lane.get();
        return newest != null && now - newest.start < bucketNanos ? newest : roll(lane, newest, now);
    }

    /** The first of the threads that find the bucket over begins the next one for all. */
    private Bucket roll(Lane lane, @Nullable Bucket over, long now) {
        Bucket next = new Bucket(now, over != null && isLive(over, now) ? over : null);
        forgetOlderThanWindow(next, now);
        return lane.compareAndSet(over, next) ? next : bucket(now);
    }

    private void forgetOlderThanWindow(Bucket newest, long now) {
        Bucket bucket = newest;
        Bucket older = bucket.older;
        while (older != null && isLive(older, now)) {
            bucket = older;
            older = bucket.older;
        }
        bucket.older = null;
    }

    private Lane lane() {
        Lane[] more = moreLanes;
        if (more == null) {
            return firstLane;
        }
        long hash = Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L;
        return more[(int) (hash >>> 32) & (more.length - 1)];
    }

    private synchronized void spread() {
        if (moreLanes == null) {
            Lane[] more = new Lane[LANES];
            Arrays.setAll(more, i -> new Lane());
            moreLanes = more;
        }
    }

    /** The newest bucket of some threads. */
    private static final class Lane extends AtomicReference<@Nullable Bucket> {

        private static final long serialVersionUID = 1L;
    }

    private static final class Sum {
        private long counts;
        private long slow;
        private long timeouts;

        /** In the opposite order of counting, so that there are never more slow calls than calls. */
        void add(Bucket bucket) {
            timeouts += bucket.timeouts;
            slow += bucket.slow;
            counts += bucket.counts;
        }

        WindowCounts counts() {
            return new WindowCounts(upper(counts), lower(counts), upper(slow), lower(slow), timeouts);
        }

        private static long upper(long pair) {
            return pair >>> 32;
        }

        private static long lower(long pair) {
            return pair & 0xFFFF_FFFFL;
        }
    }

    private static final class Bucket {
        private final long start;
        private volatile long counts;
        private volatile long slow;
        private volatile long timeouts;
        private volatile @Nullable Bucket older;

        Bucket(long start, @Nullable Bucket older) {
            this.start = start;
            this.older = older;
        }
    }
}
