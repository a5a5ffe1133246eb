package io.servicebreaker.coordination;

import io.servicebreaker.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Declares emergencies, and ends them. To be used by one thread at a time.
 *
 * <p>Each emergency has an end. One that was declared for a cause ends when the cause has gone; if the cause outlasts it,
 * or somebody ends it before, another one is declared only for a cause that comes anew.
 */
final class EmergencyWatch {

    private static final String ITSELF = "service-breaker";

    private final TimeSource time;
    private final boolean automatic;
    private final long longestNanos;

    private @Nullable Emergency current;
    private long endNanos;
    private boolean causeIsKnown;

    /**
     * Creates a watch without an emergency.
     *
     * @param automatic whether causes declare emergencies
     * @param longestNanos of such an emergency
     */
    EmergencyWatch(TimeSource time, boolean automatic, long longestNanos) {
        this.time = time;
        this.automatic = automatic;
        this.longestNanos = longestNanos;
    }

    /** The emergency that there is now, if any. */
    @Nullable
    Emergency current() {
        return current;
    }

    /** When it ends at the latest, as a reading of the clock. */
    long endNanos() {
        return endNanos;
    }

    /**
     * Takes note of whether there is a cause for one now.
     *
     * @param cause null for none
     */
    void see(@Nullable String cause, long now) {
        boolean over = current != null && now >= endNanos;
        boolean outlived = current != null && current.automatic() && cause == null;
        if (over || outlived) {
            current = null;
        }
        if (cause == null) {
            causeIsKnown = false;
            return;
        }
        if (!causeIsKnown && current == null && automatic) {
            declare(true, cause, ITSELF, longestNanos, now);
            causeIsKnown = true;
        }
    }

    /** Somebody declares one, in place of the one that there may be. */
    void declare(String reason, String by, long lastsNanos, long now) {
        declare(false, reason, by, lastsNanos, now);
    }

    private void declare(boolean itself, String reason, String by, long lastsNanos, long now) {
        endNanos = now + lastsNanos;
        current = new Emergency(itself, reason, by, time.at(now), time.at(endNanos));
    }

    /** Somebody ends it. Returns the one that there was, if any. */
    @Nullable
    Emergency end() {
        Emergency ended = current;
        current = null;
        causeIsKnown = true; // whoever ended it knows as well
        return ended;
    }
}
