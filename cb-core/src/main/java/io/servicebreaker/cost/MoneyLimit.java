package io.servicebreaker.cost;

import io.servicebreaker.call.RejectionReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What refuses calls of a service at one moment because they cost something.
 *
 * @param reason that its callers are told
 * @param rule the rule that refuses them, or some of them; null for a budget
 * @param until when that ends if nothing more is spent; null if that ends it never
 */
public record MoneyLimit(
        RejectionReason reason,
        @Nullable CostRule rule,
        @Nullable Instant until) {}
