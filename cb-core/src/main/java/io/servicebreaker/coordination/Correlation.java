package io.servicebreaker.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Failures that come together. Immutable.
 *
 * @param services names of the services that fail; the one that began first is the first
 * @param since when the failures began
 * @param resolvedAt when they were over; absent while they go on
 * @param support what it rests on: seconds in which at least two of a group failed, times that a pair failed one after the
 *     other, failures of a burst
 * @param lift how many times as often this was seen in the last hour as would be by chance; of a burst, how many times as
 *     often as usual the service fails
 * @param pValue how many such reports there would be in an hour if all services failed independently, at most 1
 * @param lag between the first and the last of them to begin
 * @param confidence in the cause, 0 to 1
 * @param sentence what happens and why, for people
 */
public record Correlation(
        Kind kind,
        List<String> services,
        Instant since,
        @Nullable Instant resolvedAt,
        long support,
        double lift,
        double pValue,
        Duration lag,
        SharedCause cause,
        double confidence,
        String sentence) {

    /** How many services fail. */
    public enum Kind {
        /** Two. */
        PAIR,
        /** More. */
        GROUP,
        /** One alone, far more often than usual. */
        BURST
    }

    public Correlation {
        services = List.copyOf(services);
    }

    /** Whether it goes on. */
    public boolean isOpen() {
        return resolvedAt == null;
    }
}
