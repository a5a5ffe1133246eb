package io.servicebreaker.cost;

import java.time.Instant;

/**
 * Leave for calls to pass the rules that allow it. Budgets hold all the same.
 *
 * @param scope the service whose calls, or {@link CostRules#ALL_SERVICES}
 * @param reason why, in the words of who gave it
 * @param by who gave it
 * @param until when it ends by itself
 */
public record CostOverride(String scope, String reason, String by, Instant until) {}
