package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** The rules for budgets to which none are given. */
final class DefaultRules {

    static final List<CostRule> ALL = List.of(
            rule("monthly_budget_100_pct", CostRule.Type.PERCENTAGE_MONTHLY, "100", 25, 5)
                    .block()
                    .build(),
            rule("daily_budget_100_pct", CostRule.Type.PERCENTAGE_DAILY, "100", 20, 5)
                    .block()
                    .build(),
            rule("monthly_budget_95_pct", CostRule.Type.PERCENTAGE_MONTHLY, "95", 15, 15)
                    .throttle(0.3)
                    .build(),
            rule("daily_budget_90_pct", CostRule.Type.PERCENTAGE_DAILY, "90", 10, 10)
                    .throttle(0.5)
                    .build(),
            rule("cost_rate_spike", CostRule.Type.RATE, "10", 8, 30)
                    .throttle(0.7)
                    .window(Duration.ofHours(1))
                    .build(),
            rule("high_cost_operation", CostRule.Type.OPERATION, "1.00", 5, 1).build());

    private DefaultRules() {}

    private static CostRuleBuilder rule(
            String id, CostRule.Type type, String value, int priority, int cooldownMinutes) {
        return CostRule.of(id, type, new BigDecimal(value))
                .priority(priority)
                .cooldown(Duration.ofMinutes(cooldownMinutes));
    }
}
