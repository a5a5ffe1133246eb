package io.servicebreaker.spring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much longer a stream is waited for, and whether it is over. One number says both, so that the end of patience and
 * the signals of the stream exclude each other: whoever moves it first wins. Safe for use by many threads.
 *
 * <p>Time passes only while the stream owes an element: somebody has asked for one, and none is being passed on. It is
 * kept as the deadline while it passes, from 0 up; else as the complement of twice the time that is left, plus one while
 * a signal is passed on; and as {@link #OVER}.
 */
final class Patience {

    /** More time than anybody waits, and small enough to be doubled. */
    static final long ENDLESS = Long.MAX_VALUE >> 2;

    private static final long OVER = Long.MIN_VALUE;

    private final LongSupplier clock;
    private final AtomicLong state;

    /**
     * Patience that has not begun to wait.
     *
     * @param clock nanoseconds from 0, never running backwards
     */
    Patience(long nanos, LongSupplier clock) {
        this.clock = clock;
        this.state = new AtomicLong(resting(nanos));
    }

    /** Begins or goes on to wait; does nothing while it waits, or while an element is passed on, or when it is over. */
    void await() {
        long before = state.get();
        while (isResting(before)) {
            if (state.compareAndSet(before, deadline(before))) {
                return;
            }
            before = state.get();
        }
    }

    /** Stops waiting in order to pass an element on, with the time that is left; returns false if it is over. */
    boolean pause() {
        while (true) {
            long before = state.get();
            if (before == OVER) {
                return false;
            }
            long left = before >= 0 ? left(before) : timeOf(before);
            if (state.compareAndSet(before, passingOn(left))) {
                return true;
            }
        }
    }

    /** An element has been passed on; the time that is left stays as it was. */
    void rest() {
        rest(timeOf(state.get()));
    }

    /** Likewise, with new patience. */
    void rest(long nanos) {
        long before = state.get();
        if (isPassingOn(before)) {
            state.compareAndSet(before, resting(nanos)); // unless it is over meanwhile
        }
    }

    /** Whether an element is being passed on. */
    boolean isPassingOn() {
        return isPassingOn(state.get());
    }

    /** Ends it; returns false if it was over. */
    boolean end() {
        return state.getAndSet(OVER) != OVER;
    }

    /** Ends it if it has waited in vain; returns whether it did. */
    boolean endIfExhausted() {
        long before = state.get();
        return before >= 0 && before <= clock.getAsLong() && state.compareAndSet(before, OVER);
    }

    /** How long it will wait from now, at least 0; {@link #ENDLESS} if it does not wait now or waits without end. */
    long left() {
        long seen = state.get();
        return seen >= 0 ? left(seen) : ENDLESS;
    }

    private long left(long deadline) {
        return deadline == Long.MAX_VALUE ? ENDLESS : Math.max(0, deadline - clock.getAsLong());
    }

    private long deadline(long resting) {
        long left = timeOf(resting);
        return left == ENDLESS ? Long.MAX_VALUE : clock.getAsLong() + left;
    }

    private static long resting(long nanos) {
        return ~(nanos << 1);
    }

    private static long passingOn(long nanos) {
        return ~(nanos << 1 | 1);
    }

    private static long timeOf(long notWaiting) {
        return ~notWaiting >> 1;
    }

    private static boolean isResting(long state) {
        return state < 0 && state != OVER && (~state & 1) == 0;
    }

    private static boolean isPassingOn(long state) {
        return state < 0 && state != OVER && (~state & 1) == 1;
    }
}
