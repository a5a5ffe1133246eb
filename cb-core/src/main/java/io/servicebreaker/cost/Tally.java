package io.servicebreaker.cost;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A sum to which threads add until it is closed. Each addition is either in what closing returns or is refused. Lock-free,
 * safe for use by many threads; takes a lock to be closed, and once when threads first meet.
 *
 * <p>Threads that have met spread over cells of their own, which closing takes one after the other. A cell alone may be
 * negative, where another thread takes off what one has added.
 */
final class Tally extends AtomicLong {

    private static final long serialVersionUID = 1L;
    private static final long CLOSED = Long.MIN_VALUE;

    private static final int CELLS = Stripe.COUNT;
    /** Longs to a line of the cache; the first line is left out, for what lies before it. */
    private static final int LINE = 8;

    /** Null until threads have met; the number itself keeps what it has. */
    private transient volatile @Nullable AtomicLongArray cells;

    /** Adds an amount, which may be negative; false if it is closed. */
    boolean add(long amount) {
        AtomicLongArray spread = cells;
        return spread == null ? addAlone(amount) : add(spread, cell(), amount);
    }

    private boolean addAlone(long amount) {
        long before = get();
        if (before == CLOSED) {
            return false;
        }
        if (compareAndSet(before, before + amount)) {
            return true;
        }
        spread();
        return add(amount);
    }

    private static boolean add(AtomicLongArray spread, int cell, long amount) {
        long before = spread.get(cell);
        while (before != CLOSED) {
            long witness = spread.compareAndExchange(cell, before, before + amount);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return false;
    }

    private static int cell() {
        return index(Stripe.ofThread());
    }

    private static int index(int cell) {
        return (cell + 1) * LINE;
    }

    private synchronized void spread() {
        if (cells == null && get() != CLOSED) {
            cells = new AtomicLongArray((CELLS + 2) * LINE);
        }
    }

    /** What has been added, not at one moment; 0 if it is closed. */
    long sum() {
        AtomicLongArray spread = cells;
        long sum = open(get());
        for (int i = 0; spread != null && i < CELLS; i++) {
            sum += open(spread.get(index(i)));
        }
        return sum;
    }

    /** Refuses all that comes later, and returns what has been added before; 0 if it was closed. */
    synchronized long close() {
        AtomicLongArray spread = cells;
        long sum = open(getAndSet(CLOSED));
        for (int i = 0; spread != null && i < CELLS; i++) {
            sum += open(spread.getAndSet(index(i), CLOSED));
        }
        return sum;
    }

    private static long open(long cell) {
        return cell == CLOSED ? 0 : cell;
    }
}
