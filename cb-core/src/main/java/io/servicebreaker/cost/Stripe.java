package io.servicebreaker.cost;

/** Spreads threads, so that those that run at the same time rarely meet. */
final class Stripe {

    /** Four for each processor, up to a bound on memory; a power of two. */
    static final int COUNT =
            4 * Integer.highestOneBit(Math.min(8, Runtime.getRuntime().availableProcessors()));

    private Stripe() {}

    static int ofThread() {
        long hash = Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> 32) & (COUNT - 1);
    }
}
