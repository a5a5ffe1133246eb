package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.ServiceCosts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The budgets as the endpoint shows them.
 *
 * @param rulesInForce the rules that are in force now, the strongest first
 * @param overrides what lets calls pass some of them
 */
record BudgetsView(
        String currency,
        PeriodView daily,
        PeriodView monthly,
        Map<String, ServiceBudgets> services,
        List<RuleView> rulesInForce,
        List<OverrideView> overrides)
        implements OperationResponseBody {

    /** The budgets of one service. */
    record ServiceBudgets(PeriodView daily, PeriodView monthly) {}

    /**
     * One budget in the period of now.
     *
     * @param limit null if any amount may be spent; then {@code remaining} is too
     * @param projected what will have been spent at the end if it goes on like this; null while it is too early to say
     */
    @JsonInclude(Include.ALWAYS)
    record PeriodView(
            @Nullable BigDecimal limit,
            BigDecimal spent,
            BigDecimal reserved,
            @Nullable BigDecimal remaining,
            Instant endsAt,
            @Nullable BigDecimal projected) {

        static PeriodView of(BudgetView budget, Instant now) {
            return new PeriodView(
                    decimal(budget.limit()),
                    budget.spent().toDecimal(),
                    budget.reserved().toDecimal(),
                    decimal(budget.remaining()),
                    budget.endsAt(),
                    decimal(budget.projected(now)));
        }

        private static @Nullable BigDecimal decimal(@Nullable Money amount) {
            return amount == null ? null : amount.toDecimal();
        }
    }

    static BudgetsView of(ServiceCosts costs, Instant now) {
        Budgets budgets = costs.budgets();
        Map<String, ServiceBudgets> services = new LinkedHashMap<>();
        for (String service : budgets.services()) {
            services.put(
                    service,
                    new ServiceBudgets(
                            PeriodView.of(budgets.service(service, Period.DAILY), now),
                            PeriodView.of(budgets.service(service, Period.MONTHLY), now)));
        }
        return new BudgetsView(
                costs.currency().getCurrencyCode(),
                PeriodView.of(budgets.total(Period.DAILY), now),
                PeriodView.of(budgets.total(Period.MONTHLY), now),
                services,
                costs.rules().inForce().stream().map(RuleView::of).toList(),
                costs.rules().overrides().stream()
                        .map(override -> OverrideView.of(override, costs.rules().rules()))
                        .toList());
    }
}
