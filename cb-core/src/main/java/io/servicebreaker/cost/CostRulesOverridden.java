package io.servicebreaker.cost;

import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;

/**
 * Somebody lets calls pass the rules that allow it.
 *
 * @param service whose calls, or {@link CostRules#ALL_SERVICES}
 * @param reason why, in their words
 * @param by who
 * @param expiresIn when that ends by itself
 */
public record CostRulesOverridden(Instant at, String service, String reason, String by, Duration expiresIn)
        implements Event {}
