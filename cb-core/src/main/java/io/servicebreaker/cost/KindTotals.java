package io.servicebreaker.cost;

import io.servicebreaker.call.Usage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Sums over the calls of one kind that have ended. Safe for use by many threads, without a lock or an allocation. */
final class KindTotals {

    private final LongAdder calls = new LongAdder();
    private final LongAdder input = new LongAdder();
    private final LongAdder output = new LongAdder();
    private final LongAdder known = new LongAdder();
    private final LongAdder assumed = new LongAdder();
    private final LongAdder estimated = new LongAdder();
    private final LongAdder missed = new LongAdder();

    /** A call has ended whose cost is known. */
    void add(@Nullable Usage usage, long estimate, long cost) {
        addCall(usage);
        known.add(cost);
        estimated.add(estimate);
        if (estimate != cost) {
            missed.add(Math.abs(estimate - cost));
        }
    }

    /** A call has ended whose cost is not known. */
    void addAssumed(@Nullable Usage usage, long cost) {
        addCall(usage);
        assumed.add(cost);
    }

    private void addCall(@Nullable Usage usage) {
        calls.increment();
        if (usage != null) {
            input.add(usage.input());
            output.add(usage.output());
        }
    }

    /** Calls that end meanwhile may be in some of the sums only. */
    CallCosts costs(String model, String operation, Estimate.Method method, double confidence) {
        long paid = known.sum();
        return new CallCosts(
                model,
                operation,
                calls.sum(),
                input.sum(),
                output.sum(),
                new Money(paid + assumed.sum()),
                new Money(paid),
                new Money(estimated.sum()),
                new Money(missed.sum()),
                method,
                confidence);
    }
}
