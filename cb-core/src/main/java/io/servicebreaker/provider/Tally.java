package io.servicebreaker.provider;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what calls take from a limit. Lock-free, safe for use by many threads.
 *
 * <p>An answer tells of what calls had taken when its own arrived at the provider. How much was taken since is bounded
 * twice, because nothing is noted down for each call: by what was taken since the second in which the call began, and by
 * what is under way. The first bound alone would count the calls of a busy second again; the second alone would count the
 * slow calls from before, and those that nobody ever ends.
 */
final class Tally {

    private static final long SECOND = 1_000_000_000;
    private static final int SECONDS = 32;

    private final AtomicLong taken = new AtomicLong();
    private final UnderWay underWay = new UnderWay();
    private final AtomicLongArray seconds = new AtomicLongArray(SECONDS);
    private final AtomicLongArray takenBefore = new AtomicLongArray(SECONDS);

    /** All that was ever taken. */
    long taken() {
        return taken.get();
    }

    /**
     * Takes some, unless others have taken some meanwhile.
     *
     * @param asked what the call is expected to use, which is more than it takes if it can never get it
     */
    boolean take(long before, long amount, long asked, long now) {
        note(before, now);
        underWay.begin(asked, now); // first: who sees what was taken has to see that it is under way
        if (taken.compareAndSet(before, before + amount)) {
            return true;
        }
        underWay.end(asked, now, now);
        return false;
    }

    private void note(long before, long now) {
        int place = place(now);
        long seen = seconds.get(place);
        if (seen != now / SECOND && seconds.compareAndSet(place, seen, now / SECOND)) {
            takenBefore.set(place, before);
        }
    }

    private static int place(long nanos) {
        return (int) Math.floorMod(nanos / SECOND, (long) SECONDS);
    }

    /** The call was not made. */
    void giveBack(long amount, long asked, long began, long now) {
        taken.addAndGet(-amount);
        underWay.end(asked, began, now);
    }

    /** The call has ended. */
    void end(long asked, long began, long now) {
        underWay.end(asked, began, now);
    }

    /** Whether no call is under way that may still use some. */
    boolean isIdle(long now) {
        return underWay.amount(now) == 0;
    }

    /**
     * What other calls may have taken after one had begun that has ended.
     *
     * @param own what the call itself took
     * @param total all that was taken until now, read by the caller, who has to count from the same moment
     */
    long takenSince(long began, long own, long total, long now) {
        long running = underWay.amount(now);
        int place = place(began);
        long since = seconds.get(place) == began / SECOND ? total - takenBefore.get(place) - own : running;
        return Math.max(0, Math.min(since, running));
    }
}
