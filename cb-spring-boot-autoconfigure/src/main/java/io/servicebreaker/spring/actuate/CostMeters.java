package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.ServiceCosts;
import java.util.function.Function;

/**
 * What calls cost and how much of the budgets is used, asked for when the registry is read. In floating point, as all meters
 * are; the endpoint is exact.
 */
final class CostMeters implements MeterBinder {

    /** In place of the name of a service, which none can have. */
    private static final String ALL = "*";

    private final ServiceCosts costs;

    CostMeters(ServiceCosts costs) {
        this.costs = costs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Budgets budgets = costs.budgets();
        for (String service : budgets.services()) {
            costs.of(service).ifPresent(gate -> bind(registry, service, gate));
            for (Period period : Period.values()) {
                bindUsed(registry, service, period, all -> all.service(service, period));
            }
        }
        for (Period period : Period.values()) {
            bindUsed(registry, ALL, period, all -> all.total(period));
        }
    }

    private static void bind(MeterRegistry registry, String service, CostGate gate) {
        FunctionCounter.builder(MeterNames.COST, gate, costs -> amount(costs.spent()))
                .description("What calls have cost, in the configured currency")
                .tag(MeterNames.SERVICE, service)
                .register(registry);
        FunctionCounter.builder(MeterNames.COST_SAVED, gate, costs -> amount(costs.saved()))
                .description("What calls would have cost that were refused for want of money")
                .tag(MeterNames.SERVICE, service)
                .register(registry);
    }

    /** Only of a budget that is set: nothing is no share of anything. */
    private void bindUsed(MeterRegistry registry, String service, Period period, Function<Budgets, BudgetView> view) {
        if (view.apply(costs.budgets()).limit() != null) {
            Gauge.builder(
                            MeterNames.BUDGET_USED,
                            costs.budgets(),
                            budgets -> view.apply(budgets).used())
                    .description("Share of the budget that is spent or reserved, 0 to 1, and more if overspent")
                    .tags(MeterNames.SERVICE, service, "period", CallMeters.lower(period))
                    .register(registry);
        }
    }

    private static double amount(Money money) {
        return money.toDecimal().doubleValue();
    }
}
