package io.servicebreaker.cost;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is spent and reserved for the calls that began within a sliding window. A call counts until the sixtieth of the
 * window in which it began is a full window ago. Safe for use by many threads; takes a lock once in each sixtieth.
 */
final class SpendWindow {

    private static final int BUCKETS = 60;
    /** A power of two above their number: whoever is late for a bucket adds to one that will come. */
    private static final int SLOTS = 64;

    private final Duration length;
    private final long bucketNanos;
    private final AtomicLongArray amounts = new AtomicLongArray(SLOTS);
    /** Of the buckets before the newest; reckoned anew at each turn, so that what is late for one is made good. */
    private final AtomicLong older = new AtomicLong();

    private volatile long newest;
    private volatile long newestEndNanos;

    SpendWindow(Duration length, long now) {
        this.length = length;
        this.bucketNanos = length.toNanos() / BUCKETS;
        begin(now / bucketNanos);
    }

    Duration length() {
        return length;
    }

    long sum(long now) {
        turn(now);
        return older.get() + amounts.get(slot(newest));
    }

    /** Adds an amount unless there would be more than the most. */
    boolean reserve(long amount, long now, long most) {
        turn(now);
        int slot = slot(newest);
        if (most == Spending.UNLIMITED) {
            amounts.getAndAdd(slot, amount);
            return true;
        }
        long before = amounts.get(slot);
        while (Money.fits(older.get() + before, amount, most)) {
            long witness = amounts.compareAndExchange(slot, before, before + amount);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return false;
    }

    /** Corrects what a call costs that began at some time; one from before the window only counts if it costs more. */
    void correct(long more, long begun, long now) {
        turn(now);
        long last = newest;
        long bucket = Math.min(last, begun / bucketNanos);
        if (bucket == last || (bucket <= last - BUCKETS && more > 0)) {
            amounts.getAndAdd(slot(last), more);
        } else if (bucket > last - BUCKETS) {
            amounts.getAndAdd(slot(bucket), more);
            older.getAndAdd(more);
        }
    }

    /** When there will be no more than an amount, if nothing is added. */
    long fallsTo(long amount, long now) {
        long left = sum(now);
        long last = newest;
        long bucket = last - BUCKETS;
        while (left > amount && bucket < last) {
            bucket++;
            left -= amounts.get(slot(bucket));
        }
        return Math.max(now, (bucket + BUCKETS) * bucketNanos);
    }

    private static int slot(long bucket) {
        return (int) bucket & (SLOTS - 1);
    }

    private void turn(long now) {
        if (now >= newestEndNanos) {
            turnTo(now / bucketNanos);
        }
    }

    private synchronized void turnTo(long bucket) {
        long known = newest;
        if (bucket <= known) {
            return;
        }
        for (long i = 1; i <= Math.min(bucket - known, SLOTS); i++) {
            amounts.set(slot(known + i - BUCKETS), 0);
        }
        long sum = 0;
        for (long live = bucket - BUCKETS + 1; live < bucket; live++) {
            sum += amounts.get(slot(live));
        }
        older.set(sum);
        begin(bucket);
    }

    private void begin(long bucket) {
        newest = bucket;
        newestEndNanos = (bucket + 1) * bucketNanos;
    }
}
