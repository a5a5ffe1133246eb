package io.servicebreaker.coordination;

import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * Calls should ask for more or for less work than before.
 *
 * @param service whose calls; empty for those of all services
 * @param reason why, for people
 */
public record DegradationChanged(Instant at, String service, DegradationLevel from, DegradationLevel to, String reason)
        implements Event {}
