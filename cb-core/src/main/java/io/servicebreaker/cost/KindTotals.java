package io.servicebreaker.cost;

import io.servicebreaker.call.Usage;
import org.jspecify.annotations.Nullable;

/** Sums over the calls of one kind that have ended. Safe for use by many threads, without a lock or an allocation. */
final class KindTotals {

    private static final int CALLS = 0;
    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int KNOWN = 3;
    private static final int ASSUMED = 4;
    /** What the calls were expected to cost more than they did, whose cost is known. */
    private static final int SURPLUS = 5;

    private static final int MISSED = 6;
    private static final int REST = 7;

    /** In calls. */
    private static final int LONG_REST = 1024;

    private final Sums sums = new Sums();

    /** A call has ended whose cost is known. */
    void add(@Nullable Usage usage, long estimate, long cost) {
        addCall(usage);
        sums.add(KNOWN, cost);
        if (estimate != cost) {
            sums.add(SURPLUS, estimate - cost);
            sums.add(MISSED, Math.abs(estimate - cost));
        }
    }

    /** A call has ended whose cost is not known. */
    void addAssumed(@Nullable Usage usage, long cost) {
        addCall(usage);
        sums.add(ASSUMED, cost);
    }

    private void addCall(@Nullable Usage usage) {
        sums.add(CALLS, 1);
        if (usage != null) {
            sums.add(INPUT, usage.input());
            sums.add(OUTPUT, usage.output());
        }
    }

    long spent() {
        return sums.get(KNOWN) + sums.get(ASSUMED);
    }

    /** Threads that have met in what is learned from each call leave it to others for a while: they meet on and on. */
    void rest() {
        sums.add(REST, LONG_REST);
    }

    /** Whether the call of this thread that ends is one to learn nothing from. */
    boolean isResting() {
        boolean resting = sums.own(REST) > 0;
        if (resting) {
            sums.add(REST, -1);
        }
        return resting;
    }

    /** Calls that end meanwhile may be in some of the sums only. */
    CallCosts costs(String model, String operation, Estimate.Method method, double confidence) {
        long paid = sums.get(KNOWN);
        return new CallCosts(
                model,
                operation,
                sums.get(CALLS),
                sums.get(INPUT),
                sums.get(OUTPUT),
                new Money(paid + sums.get(ASSUMED)),
                new Money(paid),
                new Money(paid + sums.get(SURPLUS)),
                new Money(sums.get(MISSED)),
                method,
                confidence);
    }
}
