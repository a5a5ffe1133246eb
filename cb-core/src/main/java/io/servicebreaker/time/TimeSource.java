package io.servicebreaker.time;

import java.time.Instant;

/**
 * The one clock of the system. Safe for use by many threads.
 *
 * <p>Durations and deadlines come from {@link #nanos()} alone, which never runs backwards when the wall clock is set;
 * {@link #now()} is for people and calendars. Tests pass a clock that they move by hand.
 */
public interface TimeSource {

    /**
     * Nanoseconds since an origin close to the start of the process. Never negative and never near overflow, so values
     * compare with {@code <}.
     */
    long nanos();

    /** The wall-clock time. */
    Instant now();

    /**
     * The wall-clock time at which {@link #nanos()} read {@code nanos}.
     *
     * @param nanos a past or future reading of this clock
     */
    default Instant at(long nanos) {
        return now().plusNanos(nanos - nanos());
    }

    /** The clock of the operating system, as precise as {@link System#nanoTime()}. */
    static TimeSource precise() {
        return PreciseTime.INSTANCE;
    }
}
