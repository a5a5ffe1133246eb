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
    private final long limit;

    Spending(Period period, Instant end, long limit) {
        this.period = period;
        this.end = end;
        this.limit = limit;
    }

    Period period() {
        return period;
    }

    Instant end() {
        return end;
    }

    long limit() {
        return limit;
    }

    /**
     * Reserves an amount, if it is left. What costs nothing is allowed also after the budget has been overspent, but where
     * the limit is 0, nothing is.
     */
    boolean reserve(long amount) {
        if (limit == UNLIMITED) {
            book(amount);
            return true;
        }
        long before = get();
        while (fits(before, amount)) {
            long witness = compareAndExchange(before, before + amount);
            if (witness == before) {
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
        return limit > 0 && (amount == 0 || Money.sum(before, amount) <= limit);
    }

    /** Adds what a call cost more than was reserved for it; negative if it cost less. */
    void book(long amount) {
        addAndGet(amount);
    }
}
