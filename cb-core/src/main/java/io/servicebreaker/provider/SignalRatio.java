package io.servicebreaker.provider;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The share of good observations among the last ones. Lock-free, safe for use by many threads; an observation costs two
 * atomic writes, and the sum is made by whoever reads it.
 */
final class SignalRatio {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HealthSignal signal;
    private final double atLeast;
    private final long ageMillis;
    private final AtomicInteger next = new AtomicInteger();

    /** Milliseconds of each observation plus one, above a bit that says whether it was good; 0 for none yet. */
    private final AtomicLongArray observations;

    SignalRatio(HealthSignal signal, long ageNanos) {
        this.signal = signal;
        this.atLeast = Objects.requireNonNull(signal.atLeast());
        this.ageMillis = ageNanos / NANOS_PER_MILLI;
        this.observations = new AtomicLongArray(signal.over());
    }

    HealthSignal signal() {
        return signal;
    }

    void observe(boolean good, long now) {
        int place = Integer.remainderUnsigned(next.getAndIncrement(), observations.length());
        observations.set(place, (now / NANOS_PER_MILLI + 1) << 1 | (good ? 1 : 0));
    }

    void forget() {
        for (int i = 0; i < observations.length(); i++) {
            observations.set(i, 0);
        }
    }

    SignalReading reading(long now) {
        int all = 0;
        int good = 0;
        for (int i = 0; i < observations.length(); i++) {
            long observation = observations.get(i);
            if (observation != 0 && now / NANOS_PER_MILLI + 1 - (observation >>> 1) < ageMillis) {
                all++;
                good += (int) (observation & 1);
            }
        }
        return reading(good, all);
    }

    private SignalReading reading(int good, int all) {
        if (all == 0) {
            return SignalReading.of(signal, null, atLeast, 0, false, 1);
        }
        double share = (double) good / all;
        boolean tripped = all >= signal.minimum() && share < atLeast;
        return SignalReading.of(signal, share, atLeast, all, tripped, tripped ? share / atLeast : 1);
    }
}
