package io.servicebreaker.cost;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A few numbers to which many threads add. Each thread adds in a stripe of its own, where the numbers lie side by side:
 * what a call adds to several of them costs hardly more than one. Lock-free, safe for use by many threads.
 *
 * <p>The adders of the JDK have no more cells than there are processors, so that more threads than these meet all the time.
 */
final class Sums {

    /** Longs in two lines of the cache, which processors fetch together. */
    private static final int STRIDE = 16;

    /** Away from what lies before the array. */
    private static final int FIRST = STRIDE / 2;

    private final AtomicLongArray stripes = new AtomicLongArray((Stripe.COUNT + 1) * STRIDE);

    /** Adds to one of up to eight numbers. */
    void add(int number, long amount) {
        stripes.getAndAdd(Stripe.ofThread() * STRIDE + FIRST + number, amount);
    }

    /** What threads have added to a number that share a stripe with this one. */
    long own(int number) {
        return stripes.get(Stripe.ofThread() * STRIDE + FIRST + number);
    }

    /** What has been added to a number, not at one moment. */
    long get(int number) {
        long sum = 0;
        for (int stripe = 0; stripe < Stripe.COUNT; stripe++) {
            sum += stripes.get(stripe * STRIDE + FIRST + number);
        }
        return sum;
    }
}
