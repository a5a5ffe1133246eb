package io.servicebreaker.cost;

import java.math.BigInteger;

/**
 * What was spent in equal parts of time, the oldest of which are forgotten. It is told how much was spent since it was told
 * last, and takes that as spread evenly. Not safe for use by many threads.
 */
final class TimeParts {

    private final long partNanos;
    private final long[] amounts;
    private final long begun;
    private long end;

    /**
     * Creates it, with nothing spent.
     *
     * @param count how many parts are kept
     */
    TimeParts(long partNanos, int count, long now) {
        this.partNanos = partNanos;
        this.amounts = new long[count + 1]; // one more is under way
        this.begun = now;
        this.end = now;
    }

    /** Adds what was spent since the last time, 0 or more. */
    void add(long amount, long now) {
        long from = end;
        if (now <= from) {
            amounts[slot(part(from))] += amount;
            return;
        }
        long last = part(now);
        long forgotten = last - amounts.length;
        for (long fresh = Math.max(part(from), forgotten) + 1; fresh <= last; fresh++) {
            amounts[slot(fresh)] = 0;
        }
        long left = amount;
        for (long part = Math.max(part(from), forgotten + 1); part < last; part++) {
            long share = share(amount, Math.max(from, start(part)), start(part + 1), now - from);
            amounts[slot(part)] += share;
            left -= share;
        }
        // What is left over by rounding, too, but nothing of the parts that are forgotten.
        amounts[slot(last)] += part(from) > forgotten ? left : share(amount, start(last), now, now - from);
        end = now;
    }

    private static long share(long amount, long from, long to, long all) {
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(to - from))
                .divide(BigInteger.valueOf(all))
                .longValueExact();
    }

    private long part(long nanos) {
        return (nanos - begun) / partNanos;
    }

    private long start(long part) {
        return begun + part * partNanos;
    }

    private int slot(long part) {
        return (int) (part % amounts.length);
    }

    /** When the part that is under way ends. */
    long nextNanos() {
        return start(part(end) + 1);
    }

    /** How many parts have ended. */
    long ended() {
        return part(end);
    }

    /** How many parts are known that have ended since some time. */
    int known(long since) {
        long first = since <= begun ? 0 : (since - begun + partNanos - 1) / partNanos;
        return (int) Math.max(0, Math.min(ended() - first, amounts.length - 1));
    }

    /** What was spent in a part that has ended: 0 for the last of them, 1 for the one before. */
    long before(int back) {
        return amounts[slot(ended() - 1 - back)];
    }

    /** What was spent in the last parts that have ended, and in the one under way. */
    long sum(int parts) {
        long sum = amounts[slot(ended())];
        for (int back = 0; back < parts; back++) {
            sum = Money.sum(sum, before(back));
        }
        return sum;
    }

    /** How much time {@link #sum} is for. */
    long nanos(int parts) {
        return end - start(ended() - parts);
    }
}
