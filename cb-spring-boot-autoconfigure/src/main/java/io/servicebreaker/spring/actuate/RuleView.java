package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.RuleInForce;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cost rule in force as the endpoint shows it.
 *
 * @param operations the operations whose calls it is for, absent for all
 * @param categories likewise
 * @param since when a call came upon it, absent if none has so far
 * @param until when it ends if nothing more is spent, absent if that ends it never
 * @param found what is spent and reserved, in the unit of the value
 */
record RuleView(
        String id,
        CostRule.Type type,
        CostRule.Action action,
        BigDecimal value,
        BigDecimal found,
        @Nullable Set<String> operations,
        @Nullable Set<String> categories,
        @Nullable Instant since,
        @Nullable Instant until) {

    static RuleView of(RuleInForce inForce) {
        CostRule rule = inForce.rule();
        return new RuleView(
                rule.id(),
                rule.type(),
                rule.action(),
                rule.value(),
                inForce.found(),
                nullIfAll(rule.operations()),
                nullIfAll(rule.categories()),
                inForce.since(),
                inForce.until());
    }

    static @Nullable Set<String> nullIfAll(Set<String> names) {
        return names.isEmpty() ? null : names;
    }
}
