package io.servicebreaker.cost;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells once that a part of a budget has been used. Lock-free, safe for use by many threads. */
final class BudgetMarks {

    private static final int[] PERCENT = {75, 90, 100};
    private static final int WHOLE = 100;

    private final String service;
    private final Period period;
    private final long limit;
    private final TimeSource time;
    private final Events events;
    private final long[] marks = new long[PERCENT.length + 1];
    private final AtomicInteger passed = new AtomicInteger();

    /**
     * Creates those of one period.
     *
     * @param service empty for all of them
     * @param limit or {@link Spending#UNLIMITED}
     */
    BudgetMarks(String service, Period period, long limit, TimeSource time, Events events) {
        this.service = service;
        this.period = period;
        this.limit = limit;
        this.time = time;
        this.events = events;
        for (int i = 0; i < PERCENT.length; i++) {
            marks[i] = limit == Spending.UNLIMITED ? Spending.UNLIMITED : share(limit, PERCENT[i]);
        }
        marks[PERCENT.length] = Spending.UNLIMITED;
    }

    /** In two parts, because the product may be too large. */
    private static long share(long limit, int percent) {
        return limit / WHOLE * percent + (limit % WHOLE * percent + WHOLE - 1) / WHOLE;
    }

    /** So much is spent and reserved now. */
    void look(long amount) {
        int next = passed.get();
        if (amount >= marks[next]) {
            pass(amount, next, true);
        }
    }

    /** So much is spent and reserved, of which has been told already. */
    void skip(long amount) {
        pass(amount, passed.get(), false);
    }

    private void pass(long amount, int first, boolean tell) {
        int next = first;
        while (next < PERCENT.length && amount >= marks[next]) {
            if (passed.compareAndSet(next, next + 1) && tell) {
                tell(amount, PERCENT[next]);
            }
            next = passed.get();
        }
    }

    private void tell(long amount, int percent) {
        events.publish(new BudgetCrossed(time.now(), service, period, percent, new Money(amount), new Money(limit)));
    }
}
