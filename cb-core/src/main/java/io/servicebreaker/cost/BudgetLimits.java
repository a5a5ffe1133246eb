package io.servicebreaker.cost;

import org.jspecify.annotations.Nullable;

/**
 * What may be spent in each period.
 *
 * @param daily 0 or more, where 0 allows nothing; null for any amount
 * @param monthly likewise
 */
public record BudgetLimits(@Nullable Money daily, @Nullable Money monthly) {

    /** Any amount may be spent. */
    public static final BudgetLimits NONE = new BudgetLimits(null, null);

    public BudgetLimits {
        check("daily", daily);
        check("monthly", monthly);
    }

    private static void check(String name, @Nullable Money limit) {
        if (limit != null && limit.compareTo(Money.ZERO) < 0) {
            throw new IllegalArgumentException(name + " = " + limit + " is negative");
        }
    }

    /** The limit of a period; null if there is none. */
    public @Nullable Money of(Period period) {
        return period == Period.DAILY ? daily : monthly;
    }
}
