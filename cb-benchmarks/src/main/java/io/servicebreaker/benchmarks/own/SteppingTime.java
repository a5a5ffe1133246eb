package io.servicebreaker.benchmarks.own;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Time that moves when it is told to, by one thread at a time. */
public final class SteppingTime implements TimeSource {
    private volatile long nanos;

    public void advance(Duration by) {
        moveTo(nanos + by.toNanos());
    }

    public void moveTo(long reading) {
        nanos = reading;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }
}
