package io.servicebreaker.breaker;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How many calls began and ended, by when they began: one stay's calls in slots of some half a second. Calls are counted on many
 * threads without a lock; what is new is taken in by one thread at a time.
 *
 * <p>A call that takes longer than all slots together is forgotten as one under way; its end counts all the same.
 *
 * <p>Two counts share a word, so that the beginning and the end of a call are one atomic addition each. Threads that meet on
 * a word spread over lanes of their own, as in {@link FailureWindow}.
 */
final class CallsUnderWay {

    private static final int SLOT_BITS = 29;

    /** A power of two, as each call looks for its slot. */
    static final long SLOT_NANOS = 1L << SLOT_BITS;

    static final int SLOTS = 128;

    private static final AtomicReferenceFieldUpdater<CallsUnderWay, AtomicIntegerArray> ANSWERED =
            AtomicReferenceFieldUpdater.newUpdater(CallsUnderWay.class, AtomicIntegerArray.class, "answered");
    private static final AtomicReferenceFieldUpdater<CallsUnderWay, AtomicIntegerArray> ABANDONED =
            AtomicReferenceFieldUpdater.newUpdater(CallsUnderWay.class, AtomicIntegerArray.class, "abandoned");
    private static final int LANES =
            2 * Integer.highestOneBit(Math.min(8, Runtime.getRuntime().availableProcessors()));
    private static final long ONE_UPPER = 1L << 32;

    /** Where calls end that have been under way for longer than all slots. */
    private static final int OLD = SLOTS;

    /** Calls begun and ended, by slot. */
    private final AtomicLongArray firstLane = new AtomicLongArray(SLOTS + 1);

    private volatile AtomicLongArray @Nullable [] moreLanes;

    /** Ends that are no successes, by slot, until they are taken in; each counted before it is counted as an end. */
    private final AtomicIntegerArray failed = new AtomicIntegerArray(SLOTS + 1);

    private volatile @Nullable AtomicIntegerArray answered;
    private volatile @Nullable AtomicIntegerArray abandoned;

    /** What was taken in is as of this slot. */
    private volatile long newest;

    /** Calls of the last time round that have not ended in their slot and never will. */
    private final int[] leftOver = new int[SLOTS + 1];

    private final int[] seenEnded = new int[SLOTS + 1];
    private final byte[] stages = new byte[SLOTS + 1];

    CallsUnderWay(long now) {
        newest = slot(now);
    }

    private static long slot(long nanos) {
        return nanos >> SLOT_BITS;
    }

    private static int index(long slot) {
        return (int) (slot & (SLOTS - 1));
    }

    /** Whether a slot has begun since anybody looked. */
    boolean isNew(long now) {
        return slot(now) > newest;
    }

    /** A call begins. */
    void begin(long now) {
        add(index(slot(now)), ONE_UPPER);
    }

    /** A call has succeeded. */
    void succeeded(long begun, long now) {
        add(indexOfEnd(begun, now), 1);
    }

    /** A call has failed. */
    void failed(long begun, long now) {
        int index = indexOfEnd(begun, now);
        failed.getAndIncrement(index);
        add(index, 1);
    }

    /** A call was answered, which says nothing but that it did not hang. */
    void answered(long begun, long now) {
        int index = indexOfEnd(begun, now);
        AtomicIntegerArray counts = answered;
        if (counts == null) {
            counts = ANSWERED.updateAndGet(this, CallsUnderWay::orNew);
        }
        counts.getAndIncrement(index);
        add(index, 1);
    }

    /** The caller has given up a call: that it was not answered until then stays true. */
    void abandoned(long begun, long now) {
        int index = indexOfEnd(begun, now);
        AtomicIntegerArray counts = abandoned;
        if (counts == null) {
            counts = ABANDONED.updateAndGet(this, CallsUnderWay::orNew);
        }
        counts.getAndIncrement(index);
        add(index, 1);
    }

    private static AtomicIntegerArray orNew(@Nullable AtomicIntegerArray known) {
        return known == null ? new AtomicIntegerArray(SLOTS + 1) : known;
    }

    private int indexOfEnd(long begun, long now) {
        long slot = slot(begun);
        if (begun <= now && slot(now) - slot < SLOTS - 1) {
            return index(slot);
        }
        int index = begun > now ? index(slot(now)) : OLD; // it has just begun as far as anybody knows
        add(index, ONE_UPPER);
        return index;
    }

    private void add(int index, long amount) {
        AtomicLongArray lane = lane();
        long seen = lane.getPlain(index);
        if (!lane.weakCompareAndSetVolatile(index, seen, seen + amount)) {
            if (lane.get(index) != seen) {
                spread();
            }
            lane().getAndAdd(index, amount);
        }
    }

    private AtomicLongArray lane() {
        AtomicLongArray[] more = moreLanes;
        if (more == null) {
            return firstLane;
        }
        long hash = Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L;
        return more[(int) (hash >>> 32) & (more.length - 1)];
    }

    private synchronized void spread() {
        if (moreLanes == null) {
            AtomicLongArray[] more = new AtomicLongArray[LANES];
            Arrays.setAll(more, i -> new AtomicLongArray(SLOTS + 1));
            moreLanes = more;
        }
    }

    /** Is told what is new. */
    interface Reader {

        /** Calls have ended that were in a stage when somebody last looked; others say only that they did not hang. */
        void ended(int stage, int succeeded, int failed, int others);

        /** Calls are still under way and have got from one stage to another since. */
        void overdue(int from, int to, int calls);

        /** The stage of calls that began so long ago. */
        int stage(long ageNanos);
    }

    /** Tells what is new since the last time. */
    void read(long now, Reader reader) {
        long current = Math.max(newest, slot(now));
        for (long slot = Math.max(newest, current - SLOTS) + 1; slot <= current; slot++) {
            reuse(index(slot));
        }
        newest = current;
        readEnds(OLD, reader.stage(Long.MAX_VALUE), reader);
        for (long slot = current - SLOTS + 1; slot <= current; slot++) {
            read(slot, now, reader);
        }
    }

    private void reuse(int index) {
        long counts = sum(index);
        leftOver[index] = begun(counts) - ended(counts);
        stages[index] = 0;
    }

    /** What is under way now is no longer. */
    void forget() {
        for (int index = 0; index < SLOTS; index++) {
            reuse(index);
        }
    }

    private void read(long slot, long now, Reader reader) {
        int index = index(slot);
        int underWay = readEnds(index, stages[index], reader);
        if (underWay > 0) {
            int stage = reader.stage(now - (slot + 1) * SLOT_NANOS); // as if all had begun last
            if (stage > stages[index]) {
                reader.overdue(stages[index], stage, underWay);
                stages[index] = (byte) stage;
            }
        }
    }

    /** Calls of the slot that have not ended. */
    private int readEnds(int index, int stage, Reader reader) {
        long counts = sum(index);
        int ended = ended(counts) - seenEnded[index];
        if (ended > 0) {
            seenEnded[index] += ended;
            int bad = take(failed, index, ended);
            int others = take(answered, index, ended - bad);
            int lost = take(abandoned, index, ended - bad - others);
            reader.ended(stage, ended - bad - others - lost, bad, others);
        }
        return begun(counts) - ended(counts) - leftOver[index];
    }

    private static int take(@Nullable AtomicIntegerArray counts, int index, int most) {
        if (counts == null) {
            return 0;
        }
        int taken = Math.min(most, counts.get(index));
        counts.getAndAdd(index, -taken);
        return taken;
    }

    /** Begun and ended, each over all lanes and modulo 2³². */
    private long sum(int index) {
        long counts = firstLane.get(index);
        AtomicLongArray[] more = moreLanes;
        int begun = begun(counts);
        int ended = ended(counts);
        if (more != null) {
            for (AtomicLongArray lane : more) {
                long some = lane.get(index);
                begun += begun(some);
                ended += ended(some);
            }
        }
        return ((long) begun << 32) | (ended & 0xFFFF_FFFFL);
    }

    private static int begun(long counts) {
        return (int) (counts >>> 32);
    }

    private static int ended(long counts) {
        return (int) counts;
    }
}
