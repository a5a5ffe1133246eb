package io.servicebreaker.spring;

import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.spring.CostProperties.OnFailure;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent, checked.
 *
 * @param total of all services together
 * @param services limits of each service that spends
 * @param rules those that hold
 * @param pricesAsOf the day on which the configured prices were right, if it is told
 */
record CostSettings(
        Currency currency,
        ZoneId zone,
        BudgetLimits total,
        Map<String, BudgetLimits> services,
        List<CostRule> rules,
        @Nullable LocalDate pricesAsOf,
        OnFailure onFailure) {

    /** Whether any budget is set. */
    boolean limitAnything() {
        return limitAnything(total, services);
    }

    /** The services whose calls a budget or a rule may refuse. */
    Set<String> limited() {
        return services.keySet().stream()
                .filter(name -> !rules.isEmpty()
                        || !total.equals(BudgetLimits.NONE)
                        || !BudgetLimits.NONE.equals(services.get(name)))
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean limitAnything(BudgetLimits total, Map<String, BudgetLimits> services) {
        return !total.equals(BudgetLimits.NONE)
                || services.values().stream().anyMatch(limits -> !limits.equals(BudgetLimits.NONE));
    }
}
