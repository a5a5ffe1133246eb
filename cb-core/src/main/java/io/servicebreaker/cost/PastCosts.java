package io.servicebreaker.cost;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the last hundred calls of one kind cost, but for those that end at the same moment as another. Safe for use by many
 * threads, without a lock: who asks while a cost is added may see the hundred before.
 */
final class PastCosts {

    private static final int REMEMBERED = 100;
    private static final int FEW = 10;
    private static final int SELDOM = 8;
    private static final long UNKNOWN = -1;

    private final AtomicLongArray costs = new AtomicLongArray(REMEMBERED);
    private final AtomicInteger added = new AtomicInteger();
    private volatile long expected = UNKNOWN;

    /**
     * Adds one. Of many, it is enough to look at them now and then.
     *
     * @return false, and it is not added, if another is at the same moment
     */
    boolean add(long cost) {
        int number = added.get();
        if (!added.compareAndSet(number, number == Integer.MAX_VALUE ? REMEMBERED : number + 1)) {
            return false;
        }
        costs.set(number % REMEMBERED, cost);
        if (number < FEW || number % SELDOM == 0) {
            expected = meanAndDeviation(size());
        }
        return true;
    }

    /** Whether there is anything to expect. */
    boolean areKnown() {
        return expected != UNKNOWN;
    }

    int size() {
        return Math.min(REMEMBERED, added.get());
    }

    /** The mean and a standard deviation, so that most calls cost less; to be asked if they are known. */
    long expected() {
        return expected;
    }

    /** In floating point: it is a guess, and squares of billionths are too large for anything else. */
    private long meanAndDeviation(int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += costs.get(i);
        }
        double mean = sum / size;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            double distance = costs.get(i) - mean;
            squares += distance * distance;
        }
        return (long) Math.ceil(mean + Math.sqrt(squares / size));
    }
}
