package io.servicebreaker.coordination;

import io.servicebreaker.time.TimeSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Declares emergencies, and ends them. To be used by one thread at a time.
 *
 * <p>Each emergency has an end. One that was declared for a cause ends when the cause has gone; if the cause outlasts it,
 * or somebody ends it before, another one is declared only for another cause, or when this one comes anew.
 */
final class EmergencyWatch {

    /** What one is declared for by itself; of several the first. */
    enum Cause {
        /** This application is short of something. */
        EXHAUSTION,
        /** Many services are down. */
        OUTAGE
    }

    private static final String ITSELF = "service-breaker";

    private final TimeSource time;
    private final boolean automatic;
    private final long longestNanos;

    private @Nullable Emergency current;
    private @Nullable Cause currentCause;
    private long endNanos;

    /** Causes that there still are of emergencies that there were. */
    private final Set<Cause> known = EnumSet.noneOf(Cause.class);

    /** Causes that there were at the last look. */
    private Set<Cause> seen = Set.of();

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
     * Takes note of the causes for one that there are now.
     *
     * @param causes each with a sentence for people
     */
    void see(Map<Cause, String> causes, long now) {
        seen = Set.copyOf(causes.keySet());
        known.retainAll(seen);
        boolean over = current != null && now >= endNanos;
        boolean outlived = currentCause != null && !seen.contains(currentCause);
        if (over || outlived) {
            current = null;
            currentCause = null;
        }
        for (Map.Entry<Cause, String> cause : causes.entrySet()) {
            if (automatic && current == null && known.add(cause.getKey())) {
                declare(cause.getKey(), cause.getValue(), ITSELF, longestNanos, now);
            }
        }
    }

    /** Somebody declares one, in place of the one that there may be. */
    void declare(String reason, String by, long lastsNanos, long now) {
        declare(null, reason, by, lastsNanos, now);
    }

    private void declare(@Nullable Cause cause, String reason, String by, long lastsNanos, long now) {
        endNanos = now + lastsNanos;
        current = new Emergency(cause != null, reason, by, time.at(now), time.at(endNanos));
        currentCause = cause;
    }

    /** Somebody ends it. Returns the one that there was, if any. */
    @Nullable
    Emergency end() {
        Emergency ended = current;
        current = null;
        currentCause = null;
        known.addAll(seen); // whoever ended it knows of them as well
        return ended;
    }
}
