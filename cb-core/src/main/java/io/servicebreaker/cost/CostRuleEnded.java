package io.servicebreaker.cost;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * A rule of which it had been told is no longer in force.
 *
 * @param service whose call found out
 */
public record CostRuleEnded(Instant at, String service, CostRule rule) implements Event {}
