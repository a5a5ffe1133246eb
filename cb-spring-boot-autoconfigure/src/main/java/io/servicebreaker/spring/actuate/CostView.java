package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.ServiceCosts;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a service costs, as the endpoint shows it.
 *
 * @param spentToday by the calls that have ended
 * @param reserved for the calls of this month that are under way
 * @param saved what the calls would have cost that were refused for want of money, since the start
 * @param wasted what the calls have cost that failed, since the start
 */
record CostView(
        String currency,
        BigDecimal spentToday,
        BigDecimal spentThisMonth,
        BigDecimal reserved,
        BigDecimal saved,
        BigDecimal wasted) {

    /** Null if its calls are not priced. */
    static @Nullable CostView of(String service, ServiceCosts costs) {
        return costs.of(service).map(gate -> of(service, costs, gate)).orElse(null);
    }

    private static CostView of(String service, ServiceCosts costs, CostGate gate) {
        Budgets budgets = costs.budgets();
        return new CostView(
                costs.currency().getCurrencyCode(),
                budgets.service(service, Period.DAILY).spent().toDecimal(),
                budgets.service(service, Period.MONTHLY).spent().toDecimal(),
                budgets.service(service, Period.MONTHLY).reserved().toDecimal(),
                gate.saved().toDecimal(),
                gate.wasted().toDecimal());
    }
}
