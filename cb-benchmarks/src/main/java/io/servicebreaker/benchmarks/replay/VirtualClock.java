package io.servicebreaker.benchmarks.replay;

import io.servicebreaker.time.TimeSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a replay, for all that want to know it. Moved by one thread. */
final class VirtualClock extends Clock implements TimeSource {

    private static final double NANOS = 1e9;

    /** Far from zero, which some take for never. */
    private static final Instant START = Instant.parse("2021-01-01T00:00:00Z");

    private static final long START_NANOS = Duration.ofDays(1).toNanos();

    private double seconds;

    void moveTo(double newSeconds) {
        seconds = newSeconds;
    }

    double seconds() {
        return seconds;
    }

    @Override
    public long nanos() {
        return START_NANOS + (long) (seconds * NANOS);
    }

    @Override
    public Instant now() {
        return START.plusNanos((long) (seconds * NANOS));
    }

    @Override
    public Instant instant() {
        return now();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(now(), zone);
    }
}
