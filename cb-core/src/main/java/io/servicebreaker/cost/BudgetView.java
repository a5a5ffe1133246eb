package io.servicebreaker.cost;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A budget at one moment.
 *
 * @param limit what may be spent in the period; null for any amount
 * @param spent what the calls that have ended cost
 * @param reserved what those that are under way are expected to cost
 * @param endsAt when the period ends
 */
public record BudgetView(@Nullable Money limit, Money spent, Money reserved, Instant endsAt) {

    /** What is left for further calls, 0 if it has been overspent; null if there is no limit. */
    public @Nullable Money remaining() {
        return limit == null
                ? null
                : new Money(Math.max(0, limit.minus(spent.plus(reserved)).billionths()));
    }
}
