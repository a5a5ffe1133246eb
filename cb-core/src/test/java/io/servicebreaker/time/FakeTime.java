package io.servicebreaker.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only moves when a test moves it. Safe for use by many threads. */
public final class FakeTime implements TimeSource {

    private static final Instant ORIGIN = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong(Duration.ofSeconds(1).toNanos());
    private volatile Duration set = Duration.ZERO;

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return at(nanos.get());
    }

    @Override
    public Instant at(long reading) {
        return ORIGIN.plusNanos(reading).plus(set);
    }

    /** Sets the wall clock, forward or back; no time goes by. */
    public void set(Duration by) {
        set = set.plus(by);
    }

    /** Moves the clock; a negative duration moves it back. */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
