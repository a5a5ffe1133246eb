package io.servicebreaker.provider;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the calls that have not ended yet are expected to use. Lock-free, safe for use by many threads.
 *
 * <p>It is counted by the generation in which a call began, and the last but one is forgotten: with it the calls that
 * nobody ever ended, and those that were counted in a wrong one because their beginning is not known exactly.
 */
final class UnderWay {

    /** Far longer than an answer takes that could tell of a call. */
    static final long GENERATION = 600_000_000_000L;

    private final AtomicReference<Generations> generations =
            new AtomicReference<>(new Generations(new AtomicLong(), new AtomicLong(), 0));

    void begin(long amount, long now) {
        at(now).newest.addAndGet(amount);
    }

    void end(long amount, long began, long now) {
        Generations seen = at(now);
        if (began >= seen.begun) {
            seen.newest.addAndGet(-amount);
        } else if (began >= seen.begun - GENERATION) {
            seen.older.addAndGet(-amount);
        }
    }

    long amount(long now) {
        Generations seen = at(now);
        return Math.max(0, seen.newest.get() + seen.older.get());
    }

    private Generations at(long now) {
        Generations seen = generations.get();
        long age = now - seen.begun;
        if (age < GENERATION) {
            return seen;
        }
        AtomicLong older = age < 2 * GENERATION ? seen.newest : new AtomicLong();
        generations.compareAndSet(seen, new Generations(new AtomicLong(), older, now - age % GENERATION));
        return generations.get();
    }

    private record Generations(AtomicLong newest, AtomicLong older, long begun) {}
}
