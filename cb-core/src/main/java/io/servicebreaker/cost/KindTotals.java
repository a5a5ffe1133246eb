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
    private static final int ESTIMATED = 5;
    private static final int MISSED = 6;

    private final Sums sums = new Sums();

    /** A call has ended whose cost is known. */
    void add(@Nullable Usage usage, long estimate, long cost) {
        addCall(usage);
        sums.add(KNOWN, cost);
        sums.add(ESTIMATED, estimate);
        if (estimate != cost) {
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
                new Money(sums.get(ESTIMATED)),
                new Money(sums.get(MISSED)),
                method,
                confidence);
    }
}
