package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** An allowance per minute that refills steadily. What it tells of itself is as of the last taking. */
final class RateBudget {

    private static final double MINUTE_NANOS = 60e9;

    private final long perMinute;
    private final InstantSource time;
    private double available;
    private Instant asOf;

    RateBudget(long perMinute, InstantSource time) {
        this.perMinute = perMinute;
        this.time = time;
        this.available = perMinute;
        this.asOf = time.instant();
    }

    long limit() {
        return perMinute;
    }

    /** Takes the amount, or nothing if there is not enough. */
    synchronized boolean take(long amount) {
        refill();
        if (available < amount) {
            return false;
        }
        available -= amount;
        return true;
    }

    synchronized long remaining() {
        return (long) available;
    }

    /** Time until the budget is full again. */
    synchronized Duration reset() {
        return timeUntil(perMinute);
    }

    synchronized Duration timeUntil(long amount) {
        double lacking = Math.max(0.0, (double) amount - available);
        return Duration.ofNanos((long) (lacking / perMinute * MINUTE_NANOS));
    }

    private void refill() {
        Instant now = time.instant();
        if (now.isAfter(asOf)) {
            double gained = Duration.between(asOf, now).toNanos() / MINUTE_NANOS * perMinute;
            available = Math.min((double) perMinute, available + gained);
            asOf = now;
        }
    }
}
