package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.Projection;
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
     * @param projectedLow what it will be at least, likewise
     * @param projectedHigh what it will be at most, likewise
     * @param spentPerHour what is spent in an hour, by the last one; null while nothing is known
     */
    @JsonInclude(Include.ALWAYS)
    record PeriodView(
            @Nullable BigDecimal limit,
            BigDecimal spent,
            BigDecimal reserved,
            @Nullable BigDecimal remaining,
            Instant endsAt,
            @Nullable BigDecimal projected,
            @Nullable BigDecimal projectedLow,
            @Nullable BigDecimal projectedHigh,
            @Nullable BigDecimal spentPerHour) {

        static PeriodView of(BudgetView budget, Projection projection) {
            return new PeriodView(
                    decimal(budget.limit()),
                    budget.spent().toDecimal(),
                    budget.reserved().toDecimal(),
                    decimal(budget.remaining()),
                    budget.endsAt(),
                    decimal(projection.projected()),
                    decimal(projection.low()),
                    decimal(projection.high()),
                    decimal(projection.spentPerHour()));
        }

        private static @Nullable BigDecimal decimal(@Nullable Money amount) {
            return amount == null ? null : amount.toDecimal();
        }
    }

    static BudgetsView of(ServiceCosts costs) {
        Map<String, ServiceBudgets> services = new LinkedHashMap<>();
        for (String service : costs.budgets().services()) {
            services.put(
                    service, new ServiceBudgets(of(service, Period.DAILY, costs), of(service, Period.MONTHLY, costs)));
        }
        return new BudgetsView(
                costs.currency().getCurrencyCode(),
                of(Period.DAILY, costs),
                of(Period.MONTHLY, costs),
                services,
                costs.rules().inForce().stream().map(RuleView::of).toList(),
                costs.rules().overrides().stream()
                        .map(override -> OverrideView.of(override, costs.rules().rules()))
                        .toList());
    }

    private static PeriodView of(Period period, ServiceCosts costs) {
        return PeriodView.of(costs.budgets().total(period), costs.watch().total(period));
    }

    private static PeriodView of(String service, Period period, ServiceCosts costs) {
        return PeriodView.of(
                costs.budgets().service(service, period), costs.watch().service(service, period));
    }
}
