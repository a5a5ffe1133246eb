package io.servicebreaker.adaptive;

import io.servicebreaker.cost.CallCosts;
import io.servicebreaker.cost.Money;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the calls of one service and of its models have cost since somebody last asked. For use by one thread at a time. */
final class SpentByModel {

    private final Supplier<List<CallCosts>> costs;
    private Map<String, Money> before = Map.of();

    /**
     * Creates one.
     *
     * @param costs what has been spent since the start
     */
    SpentByModel(Supplier<List<CallCosts>> costs) {
        this.costs = costs;
    }

    /** Takes away what has been spent meanwhile, by model, of the service as that without a name. */
    Map<String, Money> take() {
        Map<String, Money> now = new HashMap<>();
        for (CallCosts each : costs.get()) {
            now.merge("", each.spent(), Money::plus);
            if (!each.model().isEmpty()) {
                now.merge(each.model(), each.spent(), Money::plus);
            }
        }
        Map<String, Money> spent = new HashMap<>();
        now.forEach((model, sum) -> spent.put(model, sum.minus(before.getOrDefault(model, Money.ZERO))));
        before = now;
        return spent;
    }
}
