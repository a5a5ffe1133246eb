package io.servicebreaker.breaker;

import io.servicebreaker.call.Outcome;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

/** How many calls a breaker has dealt with in another way than by judging them. Lock-free, safe for use by many threads. */
final class CallCounts {

    private static final AtomicLongFieldUpdater<CallCounts> UNENFORCED =
            AtomicLongFieldUpdater.newUpdater(CallCounts.class, "unenforced");
    private static final AtomicLongFieldUpdater<CallCounts> LATE =
            AtomicLongFieldUpdater.newUpdater(CallCounts.class, "late");

    private final LongAdder refused = new LongAdder();

    /** Rare, so that they need not weigh as much as an adder. */
    private volatile long unenforced;

    private volatile long late;

    void addRefusal() {
        refused.increment();
    }

    void addUnenforced() {
        UNENFORCED.incrementAndGet(this);
    }

    /** A result has come too late to decide anything. */
    void addLate(Outcome outcome) {
        if (outcome.kind() != Outcome.Kind.NOT_RUN && !outcome.isCounted()) {
            LATE.incrementAndGet(this);
        }
    }

    long refused() {
        return refused.sum();
    }

    long unenforced() {
        return unenforced;
    }

    long late() {
        return late;
    }
}
