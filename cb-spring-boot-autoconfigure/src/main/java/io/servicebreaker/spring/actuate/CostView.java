package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.MoneyLimit;
import io.servicebreaker.cost.Period;
import io.servicebreaker.spring.ServiceCosts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service costs, as the endpoint shows it.
 *
 * @param spentToday by the calls that have ended
 * @param reserved for the calls of this month that are under way
 * @param saved what the calls would have cost that were refused for want of money, since the start
 * @param wasted what the calls have cost that failed, since the start
 * @param limitedBy what refuses its calls for want of money now; null if nothing does, whatever the breaker's state is
 * @param models what each model has cost since the start, where a single breaker is asked for
 */
record CostView(
        String currency,
        BigDecimal spentToday,
        BigDecimal spentThisMonth,
        BigDecimal reserved,
        BigDecimal saved,
        BigDecimal wasted,
        @JsonInclude(Include.ALWAYS) @Nullable LimitView limitedBy,
        @Nullable Map<String, ModelCostView> models) {

    /**
     * What refuses calls for want of money.
     *
     * @param rule id of the rule, absent for a budget
     * @param action what it does with calls
     * @param operations the operations whose calls it is for, absent for all
     * @param categories likewise
     * @param until when that ends if nothing more is spent, absent if that ends it never
     */
    record LimitView(
            RejectionReason reason,
            @Nullable String rule,
            CostRule.@Nullable Action action,
            @Nullable Set<String> operations,
            @Nullable Set<String> categories,
            @Nullable Instant until) {

        static LimitView of(MoneyLimit limit) {
            CostRule rule = limit.rule();
            return rule == null
                    ? new LimitView(limit.reason(), null, null, null, null, limit.until())
                    : new LimitView(
                            limit.reason(),
                            rule.id(),
                            rule.action(),
                            RuleView.nullIfAll(rule.operations()),
                            RuleView.nullIfAll(rule.categories()),
                            limit.until());
        }
    }

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
                costs.rules().limitOf(service).map(LimitView::of).orElse(null),
                byModel ? ModelCostView.of(gate.costs()) : null);
    }
}
