package io.servicebreaker.cost;

import io.servicebreaker.event.Event;
import java.time.Instant;

/**
 * A large part of a budget is used. Told once in each of its periods for each part.
 *
 * @param service whose budget; empty for that of all services together
 * @param period which budget
 * @param percent 75, 90 or 100
 * @param spent what is spent and reserved
 * @param limit the budget
 */
public record BudgetCrossed(Instant at, String service, Period period, int percent, Money spent, Money limit)
        implements Event {}
