package io.servicebreaker.cost;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What is spent and reserved for the calls that began within a sliding window. A call counts until the sixtieth of the
 * window in which it began is a full window ago. Safe for use by many threads; takes a lock once in each sixtieth.
 *
 * <p>Who adds while the window turns cannot know whether the new sum has it. It may then count twice until the next turn,
 * which reckons all anew, but never not at all.
 */
final class SpendWindow {

    private static final int BUCKETS = 60;
    /** A power of two above their number: whoever is late for a bucket adds to one that will come. */
    private static final int SLOTS = 64;

    private final long bucketNanos;
    private final AtomicLongArray amounts = new AtomicLongArray(SLOTS);

    /** Null while the window turns. */
    private volatile @Nullable Stay stay;

    /** The last one. Guarded by the lock. */
    private Stay latest;

    /** As long as one bucket is the newest. Compared by identity. */
    private static final class Stay {

        private final long bucket;
        private final long endNanos;
        /** In the buckets before it. */
        private final AtomicLong older;

        Stay(long bucket, long endNanos, long older) {
            this.bucket = bucket;
            this.endNanos = endNanos;
            this.older = new AtomicLong(older);
        }
    }

    SpendWindow(Duration length, long now) {
        this.bucketNanos = length.toNanos() / BUCKETS;
        this.latest = begin(now / bucketNanos, 0);
        this.stay = latest;
    }

    private Stay begin(long bucket, long older) {
        return new Stay(bucket, (bucket + 1) * bucketNanos, older);
    }

    long sum(long now) {
        return sum(at(now));
    }

    private long sum(Stay current) {
        return current.older.get() + amounts.get(slot(current.bucket));
    }

    /** Adds an amount unless there would be more than the most. */
    boolean reserve(long amount, long now, long most) {
        while (true) {
            Stay current = at(now);
            boolean reserved = reserve(current, amount, most);
            if (stay == current) {
                return reserved;
            }
            if (reserved && at(now).bucket < current.bucket + BUCKETS) {
                amounts.getAndAdd(slot(current.bucket), -amount);
            }
        }
    }

    private boolean reserve(Stay current, long amount, long most) {
        int slot = slot(current.bucket);
        long before = amounts.get(slot);
        while (most == Spending.UNLIMITED || Money.fits(current.older.get() + before, amount, most)) {
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
        Stay current = at(now);
        long bucket = Math.min(current.bucket, begun / bucketNanos);
        if (bucket > current.bucket - BUCKETS) {
            add(current, bucket, more, now);
        } else if (more > 0) {
            add(current, current.bucket, more, now);
        }
    }

    private void add(Stay current, long bucket, long more, long now) {
        amounts.getAndAdd(slot(bucket), more);
        if (stay != current) {
            at(now).older.getAndAdd(Math.max(0, more)); // once more, if it is not in there
        } else if (bucket != current.bucket) {
            current.older.getAndAdd(more);
        }
    }

    /** When there will be no more than an amount, if nothing is added. */
    long fallsTo(long amount, long now) {
        Stay current = at(now);
        long left = sum(current);
        long bucket = current.bucket - BUCKETS;
        while (left > amount && bucket < current.bucket) {
            bucket++;
            left -= amounts.get(slot(bucket));
        }
        return Math.max(now, (bucket + BUCKETS) * bucketNanos);
    }

    private static int slot(long bucket) {
        return (int) bucket & (SLOTS - 1);
    }

    private Stay at(long now) {
        Stay current = stay;
        return current != null && now < current.endNanos ? current : turn(now / bucketNanos);
    }

    /** Whoever adds to the bucket that ends, and then still finds its stay, has added before the amounts are summed. */
    private synchronized Stay turn(long bucket) {
        long known = latest.bucket;
        if (bucket <= known) {
            return latest;
        }
        stay = null;
        for (long i = 1; i <= Math.min(bucket - known, SLOTS); i++) {
            amounts.set(slot(known + i - BUCKETS), 0);
        }
        long sum = 0;
        for (long live = bucket - BUCKETS + 1; live < bucket; live++) {
            sum += amounts.get(slot(live));
        }
        latest = begin(bucket, sum);
        stay = latest;
        return latest;
    }
}
