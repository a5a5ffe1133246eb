package io.servicebreaker.adaptive;

import io.servicebreaker.call.FailureCause;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What became of calls since somebody last took it away. Lock-free, safe for use by many threads.
 *
 * <p>Each number is taken away on its own, by an exchange for 0: a call that ends meanwhile is in this minute or in the next,
 * and never in both or in none. How long a failed call took may be in the next minute when its cause is in this one.
 *
 * <p>Threads that meet on a number spread over lanes of their own, as those of the breaker's window do.
 */
final class CallTally {

    /** What calls count comes first among the numbers of a minute. */
    private static final int COUNTED = MinuteNumbers.REFUSED + 1;

    /** Two for each processor, up to a bound on memory: two running threads rarely share one. */
    private static final int LANES =
            2 * Integer.highestOneBit(Math.min(8, Runtime.getRuntime().availableProcessors()));

    private static final AtomicIntegerFieldUpdater<CallTally> RUN =
            AtomicIntegerFieldUpdater.newUpdater(CallTally.class, "run");
    private static final AtomicIntegerFieldUpdater<CallTally> LONGEST_RUN =
            AtomicIntegerFieldUpdater.newUpdater(CallTally.class, "longestRun");

    private final AtomicLongArray firstLane = new AtomicLongArray(COUNTED);

    /** Null until threads have met; the first lane keeps what it has. */
    private volatile AtomicLongArray @Nullable [] moreLanes;

    private volatile int run;
    private volatile int longestRun;

    void succeeded(long nanos) {
        if (run != 0) {
            run = 0;
        }
        add(MinuteNumbers.ANSWERS + Latencies.bucket(nanos));
    }

    void failed(FailureCause cause, long nanos) {
        int length = RUN.incrementAndGet(this);
        for (int longest = longestRun; length > longest; longest = longestRun) {
            LONGEST_RUN.compareAndSet(this, longest, length);
        }
        add(MinuteNumbers.FAILURES + MinuteNumbers.place(cause));
        add(MinuteNumbers.FAILING + Latencies.bucket(nanos));
    }

    void ignored(FailureCause cause) {
        add(MinuteNumbers.IGNORED + MinuteNumbers.place(cause));
    }

    void refused() {
        add(MinuteNumbers.REFUSED);
    }

    private void add(int number) {
        AtomicLongArray lane = lane();
        long seen = lane.get(number);
        if (!lane.compareAndSet(number, seen, seen + 1)) {
            spread();
            lane().getAndIncrement(number);
        }
    }

    private AtomicLongArray lane() {
        AtomicLongArray[] more = moreLanes;
        if (more == null) {
            return firstLane;
        }
        long hash = Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L;
        return more[(int) (hash >>> 32) & (more.length - 1)];
    }

    private synchronized void spread() {
        if (moreLanes == null) {
            AtomicLongArray[] more = new AtomicLongArray[LANES];
            Arrays.setAll(more, i -> new AtomicLongArray(COUNTED));
            moreLanes = more;
        }
    }

    /** Takes it all away, as the numbers of a minute in which nothing else has happened. By one thread at a time. */
    long[] take() {
        long[] taken = new long[MinuteNumbers.ALL];
        take(firstLane, taken);
        AtomicLongArray[] more = moreLanes;
        if (more != null) {
            for (AtomicLongArray lane : more) {
                take(lane, taken);
            }
        }
        taken[MinuteNumbers.LONGEST_RUN] = takeLongestRun();
        return taken;
    }

    private static void take(AtomicLongArray lane, long[] to) {
        for (int i = 0; i < COUNTED; i++) {
            if (lane.get(i) != 0) {
                to[i] += lane.getAndSet(i, 0);
            }
        }
    }

    /** A row that no failure has lengthened ends: what failed a minute ago has nothing to do with what fails now. */
    private int takeLongestRun() {
        int standing = run;
        int longest = LONGEST_RUN.getAndSet(this, 0);
        if (longest == 0 && standing != 0) {
            RUN.compareAndSet(this, standing, 0);
        }
        return longest;
    }
}
