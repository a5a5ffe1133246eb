package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.CostOverride;
import io.servicebreaker.cost.CostRule;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Leave for calls to pass cost rules, as the endpoint shows it.
 *
 * @param scope the service whose calls, or {@code *}
 * @param lifts ids of the rules that they may pass
 * @param keeps ids of those that hold all the same
 * @param budgets what becomes of those, for people
 * @param instances of the application in which it is so, likewise
 */
record OverrideView(
        String scope,
        String reason,
        String by,
        Instant until,
        List<String> lifts,
        List<String> keeps,
        String budgets,
        String instances)
        implements OperationResponseBody {

    static OverrideView of(CostOverride override, List<CostRule> rules) {
        return new OverrideView(
                override.scope(),
                override.reason(),
                override.by(),
                override.until(),
                ids(rules, CostRule::allowEmergencyOverride),
                ids(rules, rule -> !rule.allowEmergencyOverride()),
                "hold all the same",
                "this one alone");
    }

    private static List<String> ids(List<CostRule> rules, Predicate<CostRule> which) {
        return rules.stream().filter(which).map(CostRule::id).toList();
    }
}
