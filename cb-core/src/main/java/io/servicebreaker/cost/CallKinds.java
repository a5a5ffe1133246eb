package io.servicebreaker.cost;

import io.servicebreaker.call.CallRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The kinds of calls of one service. Bounded: operations and models may come from users. Safe for use by many threads. */
final class CallKinds {

    private static final int MOST = 1000;
    /** For what stands for all kinds that are too many. */
    static final String OTHERS = "(others)";

    private final PriceList prices;
    private final CostRules rules;
    private final Map<String, Map<String, CallKind>> byModelAndOperation = new ConcurrentHashMap<>();
    private final AtomicInteger known = new AtomicInteger();
    private final Map<Alike, CallKind> others = new ConcurrentHashMap<>();
    private final KindTotals otherTotals = new KindTotals();

    /** What the kinds that are too many can have in common: there are no more of these than prices and rules. */
    private record Alike(@Nullable Price price, long fallback, RulesByCategory rules) {}

    CallKinds(PriceList prices, CostRules rules) {
        this.prices = prices;
        this.rules = rules;
    }

    /** The kind of a call; one of those that stand for others if there are too many. Without an allocation if it is known. */
    CallKind of(CallRequest request) {
        Map<String, CallKind> operations = byModelAndOperation.get(request.model());
        CallKind kind = operations == null ? null : operations.get(request.operation());
        return kind == null ? add(request, operations) : kind;
    }

    private CallKind add(CallRequest request, @Nullable Map<String, CallKind> operations) {
        String operation = request.operation();
        Price price = priceOf(request);
        long fallback = OperationCosts.of(operation);
        RulesByCategory applicable = rules.of(operation);
        if (known.get() >= MOST) {
            return others.computeIfAbsent(
                    new Alike(price, fallback, applicable),
                    alike -> new CallKind(prices, price, fallback, applicable, otherTotals));
        }
        CallKind kind = new CallKind(prices, price, fallback, applicable, new KindTotals());
        Map<String, CallKind> siblings = operations == null
                ? byModelAndOperation.computeIfAbsent(request.model(), model -> new ConcurrentHashMap<>())
                : operations;
        CallKind first = siblings.putIfAbsent(request.operation(), kind);
        if (first == null) {
            known.incrementAndGet();
        }
        return first == null ? kind : first;
    }

    /** What the calls of each kind have cost, those of one model one after the other; of those that are too many together. */
    List<CallCosts> costs() {
        List<CallCosts> costs = new ArrayList<>();
        byModelAndOperation.forEach(
                (model, kinds) -> kinds.forEach((operation, kind) -> costs.add(kind.costs(model, operation))));
        others.values().stream().findAny().ifPresent(any -> costs.add(any.costs(OTHERS, OTHERS)));
        return costs;
    }

    /** What all calls have cost; never less than before. */
    long spent() {
        long sum = otherTotals.spent();
        for (Map<String, CallKind> siblings : byModelAndOperation.values()) {
            for (CallKind kind : siblings.values()) {
                sum += kind.spent();
            }
        }
        return sum;
    }

    /** Where no model is named, the service itself may have a price. */
    private @Nullable Price priceOf(CallRequest request) {
        return prices.find(request.model().isEmpty() ? request.service() : request.model())
                .orElse(null);
    }
}
