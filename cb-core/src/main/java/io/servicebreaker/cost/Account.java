package io.servicebreaker.cost;

import java.util.ArrayDeque;
import java.util.Deque;

/** The money of one service. Safe for use by many threads; takes a lock once a minute, and never for I/O. */
final class Account {

    /** Reservations expire a page at a time. */
    private static final long PAGE_NANOS = 60_000_000_000L;

    private final String service;
    private final Budgets budgets;
    private final long leaseNanos;
    private final Deque<Page> older = new ArrayDeque<>();
    private volatile Page page;
    /** When the oldest page does. */
    private volatile long expiryNanos;

    Account(String service, Budgets budgets, long leaseNanos, long now) {
        this.service = service;
        this.budgets = budgets;
        this.leaseNanos = leaseNanos;
        this.page = newPage(now);
        this.expiryNanos = expiryNanos(page);
    }

    /** Whoever began last on it had a whole lease. */
    private long expiryNanos(Page of) {
        return of.begunNanos() + leaseNanos + PAGE_NANOS;
    }

    private Page newPage(long now) {
        return budgets.page(service, now, PAGE_NANOS);
    }

    /** The page for calls that begin now. */
    Page page(long now) {
        Page current = page;
        return current.isFor(now) ? current : turn(now);
    }

    private synchronized Page turn(long now) {
        expirePages(now);
        return page;
    }

    /** Gives back what was reserved for calls that nobody has ended in time; whether there was any. */
    boolean expire(long now) {
        return now >= expiryNanos && expirePages(now);
    }

    /** Also that of a service which nobody has called since. */
    private synchronized boolean expirePages(long now) {
        if (!page.isFor(now)) {
            older.addLast(page);
            page = newPage(now);
        }
        boolean any = false;
        while (!older.isEmpty() && now >= expiryNanos(older.getFirst())) {
            Page expired = older.removeFirst();
            any |= expired.reserved() > 0;
            expired.expire();
        }
        expiryNanos = expiryNanos(older.isEmpty() ? page : older.getFirst());
        return any;
    }

    /** What is reserved in a budget for the calls of the service. */
    synchronized long reserved(Spending spending) {
        long sum = page.touches(spending) ? page.reserved() : 0;
        for (Page other : older) {
            sum += other.touches(spending) ? other.reserved() : 0;
        }
        return sum;
    }

    /** What is reserved for the calls of the service in all budgets of all periods. */
    synchronized long reserved() {
        return page.reserved() + older.stream().mapToLong(Page::reserved).sum();
    }
}
