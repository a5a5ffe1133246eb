package io.servicebreaker.provider;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bad observations in a row. A good one ends the row, and so does a silence. Lock-free, safe for use by many threads.
 */
final class SignalRun {

    private static final int LENGTH_BITS = 16;

    /** It is not counted further. */
    static final int LONGEST = (1 << LENGTH_BITS) - 1;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HealthSignal signal;
    private final int limit;
    private final long silenceMillis;

    /** Milliseconds of the latest bad observation and, in the lowest bits, how many there are in the row. */
    private final AtomicLong row = new AtomicLong();

    SignalRun(HealthSignal signal, long silenceNanos) {
        this.signal = signal;
        this.limit = Objects.requireNonNull(signal.inARow());
        this.silenceMillis = silenceNanos / NANOS_PER_MILLI;
    }

    HealthSignal signal() {
        return signal;
    }

    void good() {
        if (row.get() != 0) {
            row.set(0);
        }
    }

    /** Whether the row has become too long. */
    boolean bad(long now) {
        long stamp = (now / NANOS_PER_MILLI) << LENGTH_BITS;
        long longer = row.updateAndGet(latest -> stamp | Math.min(LONGEST, length(latest, now) + 1));
        return (longer & LONGEST) > limit;
    }

    void forget() {
        row.set(0);
    }

    SignalReading reading(long now) {
        int length = length(row.get(), now);
        double share = (double) Math.min(length, limit + 1) / (limit + 1);
        return SignalReading.of(signal, (double) length, limit, length, length > limit, 1 - share);
    }

    String sentence(long now) {
        return "signal " + signal.name() + ": " + length(row.get(), now) + " failures in a row (in-a-row " + limit
                + ")";
    }

    private int length(long latest, long now) {
        boolean over = now / NANOS_PER_MILLI - (latest >>> LENGTH_BITS) >= silenceMillis;
        return over ? 0 : (int) (latest & LONGEST);
    }
}
