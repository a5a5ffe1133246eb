package io.servicebreaker.cost;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reservations for the calls of one service that began within a minute, in all the budgets that they touch. Lock-free,
 * safe for use by many threads.
 *
 * <p>Nothing is noted for each call: reservations that nobody ever settles expire with their page.
 */
final class Page {

    private static final int TOTAL_DAILY = 0;
    private static final int TOTAL_MONTHLY = 1;

    /** First those of all services, in the order of the periods. */
    private final Spending[] spendings;

    private final Tally reserved = new Tally();
    private final Instant begun;
    private final long begunNanos;
    private final long endNanos;

    /**
     * Creates it.
     *
     * @param spendings of the day and the month of its begin
     * @param begun by the clock for calendars
     */
    Page(List<Spending> spendings, Instant begun, long begunNanos, long endNanos) {
        this.begun = begun;
        this.spendings = spendings.toArray(Spending[]::new);
        this.begunNanos = begunNanos;
        this.endNanos = endNanos;
    }

    Instant begun() {
        return begun;
    }

    long begunNanos() {
        return begunNanos;
    }

    boolean isFor(long now) {
        return now < endNanos;
    }

    /** What is reserved on it and not settled. */
    long reserved() {
        return Math.max(0, reserved.sum());
    }

    /** The budget of all services together. */
    Spending total(Period period) {
        return spendings[period == Period.DAILY ? TOTAL_DAILY : TOTAL_MONTHLY];
    }

    boolean touches(Spending spending) {
        for (Spending touched : spendings) {
            if (touched == spending) {
                return true;
            }
        }
        return false;
    }

    /** Notes a reservation down; false if the page has expired. */
    boolean note(long amount) {
        return reserved.add(amount);
    }

    /** Reserves an amount that has been noted down in all budgets, or in none and returns one of which not enough is left. */
    @Nullable
    Spending reserve(long amount, Ceilings most) {
        for (int i = 0; i < spendings.length; i++) {
            if (!spendings[i].reserve(amount, most(i, most))) {
                for (int reservedIn = 0; reservedIn < i; reservedIn++) {
                    spendings[reservedIn].book(-amount);
                }
                if (!note(-amount)) {
                    book(amount); // it has expired meanwhile, and given all of this back
                }
                Spending last = lastWithout(amount);
                return last == null ? spendings[i] : last;
            }
        }
        return null;
    }

    private static long most(int spending, Ceilings most) {
        return switch (spending) {
            case TOTAL_DAILY -> most.daily();
            case TOTAL_MONTHLY -> most.monthly();
            default -> Spending.UNLIMITED;
        };
    }

    /** A budget that has not enough left. Whoever is refused by several has to wait for the last of them. */
    @Nullable
    Spending lastWithout(long amount) {
        Spending last = null;
        for (Spending spending : spendings) {
            if (!spending.hasLeft(amount) && (last == null || spending.end().isAfter(last.end()))) {
                last = spending;
            }
        }
        return last;
    }

    /** Books what a call cost instead of what was reserved for it. */
    void settle(long amount, long cost) {
        long more = note(-amount) ? cost - amount : cost;
        if (more != 0) {
            book(more);
        }
    }

    /** Gives back what is still reserved; later settlements are booked all the same. */
    void expire() {
        long left = reserved.close();
        if (left != 0) {
            book(-left);
        }
    }

    private void book(long amount) {
        for (Spending spending : spendings) {
            spending.book(amount);
        }
    }
}
