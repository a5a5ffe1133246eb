package io.servicebreaker.coordination;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * Services were found to fail together, or no longer do. Told once each.
 *
 * @param correlation as it is now; open if it was found, else over
 */
public record FailuresCorrelated(Instant at, Correlation correlation) implements Event {

    /** Empty: it happened to several. */
    @Override
    public String service() {
        return "";
    }
}
