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

    Account(String service, Budgets budgets, long leaseNanos, long now) {
        this.service = service;
        this.budgets = budgets;
        this.leaseNanos = leaseNanos;
        this.page = newPage(now);
    }

    private Page newPage(long now) {
        long end = budgets.endNanos(now);
        return new Page(budgets.spendings(service), now, Math.min(end, now + PAGE_NANOS));
    }

    /** The page for calls that begin now. */
    Page page(long now) {
        Page current = page;
        return current.isFor(now) ? current : turn(now);
    }

    private synchronized Page turn(long now) {
        if (!page.isFor(now)) {
            older.addLast(page);
            page = newPage(now);
        }
        expire(now);
        return page;
    }

    /** Gives back what was reserved for calls that nobody has ended in time; whether there was any. */
    synchronized boolean expire(long now) {
        boolean any = false;
        while (!older.isEmpty() && now - older.getFirst().begunNanos() >= leaseNanos + PAGE_NANOS) {
            Page expired = older.removeFirst();
            any |= expired.reserved() > 0;
            expired.expire();
        }
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
