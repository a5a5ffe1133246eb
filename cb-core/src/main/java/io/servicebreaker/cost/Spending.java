package io.servicebreaker.cost;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has been spent in one period of a budget, together with what is reserved for the calls that began in it: no call sees
 * money between the two. Lock-free, safe for use by many threads.
 *
 * <p>A call is booked in the period in which it began, also when it ends in the next.
 *
 * <p>What nothing limits is added up by each thread apart. The first call with a limit of its own, by a rule, ends that: what
 * has been added until then stays where it is, and from then on all calls meet in one number.
 */
final class Spending {

    /** No budget is set. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final Period period;
    private final Instant end;
    private final long endNanos;
    private final long limit;
    private final BudgetMarks marks;

    private final AtomicLong together = new AtomicLong();
    private final Sums apart = new Sums();
    private volatile boolean isLimited;

    /** Of one thread. */
    private long others;

    /**
     * Creates it, with nothing spent.
     *
     * @param endNanos its end on the clock of durations
     */
    Spending(Period period, Instant end, long endNanos, long limit, BudgetMarks marks) {
        this.period = period;
        this.end = end;
        this.endNanos = endNanos;
        this.limit = limit;
        this.isLimited = limit != UNLIMITED;
        this.marks = marks;
    }

    Period period() {
        return period;
    }

    Instant end() {
        return end;
    }

    long endNanos() {
        return endNanos;
    }

    long limit() {
        return limit;
    }

    /** What is spent and reserved. */
    long get() {
        return withApart(together.get());
    }

    /** Read in this order, it holds for each call that is settled together what was reserved for it apart. */
    private long withApart(long seenTogether) {
        return limit == UNLIMITED ? seenTogether + apart.get(0) : seenTogether;
    }

    /**
     * Reserves an amount, if it is left. What costs nothing is allowed also after the budget has been overspent, but where
     * the limit is 0, nothing is.
     *
     * @param most what this call must leave it at, whatever the limit is
     */
    boolean reserve(long amount, long most) {
        if (most != UNLIMITED && !isLimited) {
            isLimited = true;
        }
        if (!isLimited) {
            apart.add(0, amount);
            return true;
        }
        long before = together.get();
        long all = withApart(before);
        while (fits(all, amount) && Money.fits(all, amount, most)) {
            long witness = together.compareAndExchange(before, before + amount);
            if (witness == before) {
                marks.look(all + amount);
                return true;
            }
            before = witness;
            all = withApart(before);
        }
        return false;
    }

    /** Whether an amount is left. */
    boolean hasLeft(long amount) {
        return fits(get(), amount);
    }

    private boolean fits(long before, long amount) {
        return limit > 0 && Money.fits(before, amount, limit);
    }

    /** Adds what a call cost more than was reserved for it; negative if it cost less. */
    void book(long amount) {
        if (isLimited) {
            marks.look(withApart(together.addAndGet(amount)));
        } else {
            apart.add(0, amount);
        }
    }

    /**
     * So much others have spent of the same budget by now. One thread at a time tells.
     *
     * @param known whether the parts of the budget that are used so have been told of before
     */
    void others(long amount, boolean known) {
        long more = amount - others;
        others = amount;
        if (known) {
            marks.skip(get() + more);
        }
        book(more);
    }
}
