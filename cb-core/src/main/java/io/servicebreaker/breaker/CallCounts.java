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
    private static final AtomicLongFieldUpdater<CallCounts> PROBES =
            AtomicLongFieldUpdater.newUpdater(CallCounts.class, "probes");

    private static final int FAILED_PROBES = 32;

    private final LongAdder refused = new LongAdder();

    /** Rare, so that they need not weigh as much as an adder. */
    private volatile long unenforced;

    private volatile long late;

    /** Those that failed in the upper half, all in the lower one. */
    private volatile long probes;

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

    /** A probe has shown whether the service works. */
    void addProbe(boolean failed) {
        PROBES.addAndGet(this, failed ? (1L << FAILED_PROBES) + 1 : 1);
    }

    long probes() {
        return probes & 0xFFFF_FFFFL;
    }

    long failedProbes() {
        return probes >>> FAILED_PROBES;
    }

    /** Refusals, and those that an operator who observes did not want. */
    long toldToRefuse() {
        return refused.sum() + unenforced;
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
