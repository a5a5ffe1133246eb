package io.servicebreaker.cost;

import io.servicebreaker.event.Event;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A rule came into force, or matched a single call. Told once for each time that it is in force, and not again before its
 * cooldown has passed; what the rule refuses does not depend on it.
 *
 * @param service whose call it matched
 * @param found what was compared with the value of the rule, in its unit
 */
public record CostRuleMatched(Instant at, String service, CostRule rule, BigDecimal found) implements Event {}
