package io.servicebreaker.provider;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last number that somebody read, forgotten when it is too old. Safe for use by many threads. */
final class SignalLevel {

    private final HealthSignal signal;
    private final double atMost;
    private final long ageNanos;
    private volatile @Nullable Level last;

    SignalLevel(HealthSignal signal, long ageNanos) {
        this.signal = signal;
        this.atMost = Objects.requireNonNull(signal.atMost());
        this.ageNanos = ageNanos;
    }

    HealthSignal signal() {
        return signal;
    }

    void observe(double value, long now) {
        last = new Level(value, now);
    }

    void forget() {
        last = null;
    }

    SignalReading reading(long now) {
        Level level = last;
        if (level == null || now - level.at >= ageNanos) {
            return SignalReading.of(signal, null, atMost, 0, false, 1);
        }
        boolean tripped = level.value > atMost;
        return SignalReading.of(signal, level.value, atMost, 1, tripped, tripped ? atMost / level.value : 1);
    }

    private record Level(double value, long at) {}
}
