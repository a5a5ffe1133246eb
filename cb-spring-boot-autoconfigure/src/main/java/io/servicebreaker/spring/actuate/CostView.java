package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.ServiceCosts;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service costs, as the endpoint shows it.
 *
 * @param spentToday by the calls that have ended
 * @param reserved for the calls of this month that are under way
 * @param saved what the calls would have cost that were refused for want of money, since the start
 * @param wasted what the calls have cost that failed, since the start
 * @param models what each model has cost since the start, where a single breaker is asked for
 */
record CostView(
        String currency,
        BigDecimal spentToday,
        BigDecimal spentThisMonth,
        BigDecimal reserved,
        BigDecimal saved,
        BigDecimal wasted,
        @Nullable Map<String, ModelCostView> models) {

    /**
     * Null if its calls are not priced.
     *
     * @param byModel whether to show the models, of which there may be many
     */
    static @Nullable CostView of(String service, ServiceCosts costs, boolean byModel) {
        return costs.of(service).map(gate -> of(service, costs, gate, byModel)).orElse(null);
    }

    private static CostView of(String service, ServiceCosts costs, CostGate gate, boolean byModel) {
        Budgets budgets = costs.budgets();
        return new CostView(
                costs.currency().getCurrencyCode(),
                budgets.service(service, Period.DAILY).spent().toDecimal(),
                budgets.service(service, Period.MONTHLY).spent().toDecimal(),
                budgets.service(service, Period.MONTHLY).reserved().toDecimal(),
                gate.saved().toDecimal(),
                gate.wasted().toDecimal(),
                byModel ? ModelCostView.of(gate.costs()) : null);
    }
}
