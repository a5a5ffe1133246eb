package io.servicebreaker.provider;

/**
 * What a provider said of one of its limits, and what follows from it for later moments. Immutable.
 *
 * <p>What was used comes back evenly, as from a leaky bucket, and all of it is there when the provider said so. Then
 * nothing is known any more. Where the limit itself is unknown, nothing comes back before that.
 *
 * @param limit how much there is when nothing is used, or {@link #UNKNOWN}
 * @param remaining how much was left, 0 to {@code limit}
 * @param readNanos when it was read
 * @param fullNanos when all of it is there again
 */
record RateLimit(long limit, long remaining, long readNanos, long fullNanos) {

    static final long UNKNOWN = 0;

    /** Sums of fractions may miss a whole number by a little. */
    private static final double ROUNDING = 1e-3;

    boolean isOver(long now) {
        return now >= fullNanos;
    }

    /** Whether so much is never there. */
    boolean isBelow(long amount) {
        return limit != UNKNOWN && amount > limit;
    }

    /** How much is left now, if nobody has taken any since. */
    long available(long now) {
        if (limit == UNKNOWN) {
            return remaining;
        }
        if (isOver(now)) {
            return limit;
        }
        double share = Math.max(0, now - readNanos) / (double) (fullNanos - readNanos);
        return remaining + (long) ((limit - remaining) * share + ROUNDING);
    }

    /** Time until so much is left, if nobody takes any; 0 if it is now, or if nothing is known any more. */
    long nanosUntil(long wanted, long now) {
        if (isOver(now) || available(now) >= wanted) {
            return 0;
        }
        if (limit == UNKNOWN || wanted >= limit) {
            return fullNanos - now;
        }
        double share = (wanted - remaining) / (double) (limit - remaining);
        long there = readNanos + (long) Math.ceil(share * (fullNanos - readNanos));
        return Math.max(1, Math.min(there, fullNanos) - now);
    }
}
