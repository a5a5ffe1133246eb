package io.servicebreaker.cost;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has been spent in one period of a budget, together with what is reserved for the calls that began in it. One
 * number, so that no call sees money between the two. Lock-free, safe for use by many threads.
 *
 * <p>A call is booked in the period in which it began, also when it ends in the next.
 */
final class Spending extends AtomicLong {

    private static final long serialVersionUID = 1L;

    /** No budget is set. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final transient Period period;
    private final transient Instant end;
    private final long endNanos;
    private final long limit;
    private final transient BudgetMarks marks;
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

    /**
     * Reserves an amount, if it is left. What costs nothing is allowed also after the budget has been overspent, but where
     * the limit is 0, nothing is.
     *
     * @param most what this call must leave it at, whatever the limit is
     */
    boolean reserve(long amount, long most) {
        if (limit == UNLIMITED && most == UNLIMITED) {
            book(amount);
            return true;
        }
        long before = get();
        while (fits(before, amount) && Money.fits(before, amount, most)) {
            long witness = compareAndExchange(before, before + amount);
            if (witness == before) {
                marks.look(before + amount);
                return true;
            }
            before = witness;
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
        marks.look(addAndGet(amount));
    }

    /**
     * So much others have spent of the same budget by now. One thread at a time tells.
     *
     * @param known whether the parts of the budget that are used so have been told of before
     */
    void others(long amount, boolean known) {
        long sum = addAndGet(amount - others);
        others = amount;
        if (known) {
            marks.skip(sum);
        } else {
            marks.look(sum);
        }
    }
}
