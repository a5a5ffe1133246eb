package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is in force at one moment, for the calls that cost something.
 *
 * @param since when a call came upon it; null if none has so far
 * @param until when it ends if nothing more is spent; null if that ends it never
 * @param found what is spent and reserved, in the unit of the rule's value
 */
public record RuleInForce(
        CostRule rule, @Nullable Instant since, @Nullable Instant until, BigDecimal found) {}
