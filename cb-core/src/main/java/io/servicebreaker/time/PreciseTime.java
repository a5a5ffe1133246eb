package io.servicebreaker.time;

import java.time.Instant;

/** {@link System#nanoTime()} and the wall clock. */
final class PreciseTime implements TimeSource {

    private static final long ORIGIN = System.nanoTime();
    private static final long ANCHOR_LIFE_NANOS = 1_000_000_000;

    /** After the origin, which its first anchor needs. */
    static final PreciseTime INSTANCE = new PreciseTime();

    private volatile Anchor anchor = anchorNow();

    private PreciseTime() {}

    @Override
    public long nanos() {
        return System.nanoTime() - ORIGIN;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    /** Counts from a recent pair of readings: an event is stamped without reading the wall clock again. */
    @Override
    public Instant at(long nanos) {
        Anchor recent = anchor;
        if (Math.abs(nanos - recent.nanos) > ANCHOR_LIFE_NANOS) {
            recent = anchorNow();
            anchor = recent;
        }
        return recent.instant.plusNanos(nanos - recent.nanos);
    }

    private static Anchor anchorNow() {
        return new Anchor(System.nanoTime() - ORIGIN, Instant.now());
    }

    private record Anchor(long nanos, Instant instant) {}
}
