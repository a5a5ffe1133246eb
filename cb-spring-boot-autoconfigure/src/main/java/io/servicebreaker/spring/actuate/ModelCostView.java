package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.servicebreaker.cost.CallCosts;
import io.servicebreaker.cost.Estimate;
import io.servicebreaker.cost.Money;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a model have cost since the start, as the endpoint shows it.
 *
 * @param spent by all that have ended
 * @param estimated what those were expected to cost whose cost became known
 * @param estimateError by how much the latter was wrong in the mean, as a share of their cost: 0 is perfect
 * @param operations the same by what was done, the dearest first
 */
@JsonInclude(Include.ALWAYS)
record ModelCostView(
        long calls,
        long inputTokens,
        long outputTokens,
        BigDecimal spent,
        BigDecimal estimated,
        @Nullable Double estimateError,
        Map<String, OperationCostView> operations) {

    /** In place of a name that calls do not give. */
    private static final String NONE = "(none)";

    /**
     * What the calls of one operation have cost.
     *
     * @param method how the cost of the latest was expected, in the words of {@link Estimate.Method}
     * @param confidence that the latest expectation deserves, 0 to 1
     */
    @JsonInclude(Include.ALWAYS)
    record OperationCostView(
            long calls,
            long inputTokens,
            long outputTokens,
            BigDecimal spent,
            BigDecimal estimated,
            @Nullable Double estimateError,
            Estimate.Method method,
            double confidence) {

        private static OperationCostView of(List<CallCosts> costs) {
            CallCosts usual = costs.stream()
                    .max(Comparator.comparingLong(CallCosts::calls))
                    .orElseThrow();
            return new OperationCostView(
                    sum(costs, CallCosts::calls),
                    sum(costs, CallCosts::inputTokens),
                    sum(costs, CallCosts::outputTokens),
                    money(costs, CallCosts::spent).toDecimal(),
                    money(costs, CallCosts::estimated).toDecimal(),
                    error(costs),
                    usual.method(),
                    BreakerView.rounded(usual.confidence()));
        }
    }

    /** By model, the dearest first. */
    static Map<String, ModelCostView> of(List<CallCosts> costs) {
        return grouped(costs, CallCosts::model, ModelCostView::ofModel);
    }

    private static ModelCostView ofModel(List<CallCosts> costs) {
        return new ModelCostView(
                sum(costs, CallCosts::calls),
                sum(costs, CallCosts::inputTokens),
                sum(costs, CallCosts::outputTokens),
                money(costs, CallCosts::spent).toDecimal(),
                money(costs, CallCosts::estimated).toDecimal(),
                error(costs),
                grouped(costs, CallCosts::operation, OperationCostView::of));
    }

    /** Calls that were all refused have cost nothing and are left out. */
    private static <V> Map<String, V> grouped(
            List<CallCosts> costs, Function<CallCosts, String> name, Function<List<CallCosts>, V> view) {
        Map<String, List<CallCosts>> groups =
                costs.stream().filter(cost -> cost.calls() > 0).collect(Collectors.groupingBy(name));
        Map<String, V> views = new LinkedHashMap<>();
        groups.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<String, List<CallCosts>> group) -> money(group.getValue(), CallCosts::spent))
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .forEach(group ->
                        views.put(group.getKey().isEmpty() ? NONE : group.getKey(), view.apply(group.getValue())));
        return views;
    }

    private static long sum(List<CallCosts> costs, ToLongFunction<CallCosts> part) {
        return costs.stream().mapToLong(part).sum();
    }

    private static Money money(List<CallCosts> costs, Function<CallCosts, Money> part) {
        return costs.stream().map(part).reduce(Money.ZERO, Money::plus);
    }

    private static @Nullable Double error(List<CallCosts> costs) {
        long known = money(costs, CallCosts::known).billionths();
        long missed = money(costs, CallCosts::missed).billionths();
        return known == 0 ? null : BreakerView.rounded((double) missed / known);
    }
}
