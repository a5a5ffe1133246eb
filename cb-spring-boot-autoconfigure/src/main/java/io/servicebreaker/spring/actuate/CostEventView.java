package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.BudgetCrossed;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.CostRuleEnded;
import io.servicebreaker.cost.CostRuleMatched;
import io.servicebreaker.cost.CostRulesOverridden;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.SpendAnomaly;
import io.servicebreaker.event.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event about money as the endpoint shows it. */
sealed interface CostEventView extends EventView {

    /**
     * A rule came into force, or matched a single call.
     *
     * @param rule its id
     * @param value what it allows
     * @param found what there was, in the unit of the value
     */
    record Matched(
            String type,
            Instant at,
            String service,
            String rule,
            CostRule.Type ruleType,
            CostRule.Action action,
            BigDecimal value,
            BigDecimal found)
            implements CostEventView {

        static Matched of(String type, CostRuleMatched event) {
            CostRule rule = event.rule();
            return new Matched(
                    type,
                    event.at(),
                    event.service(),
                    rule.id(),
                    rule.type(),
                    rule.action(),
                    rule.value(),
                    event.found());
        }
    }

    /**
     * A rule is no longer in force.
     *
     * @param rule its id
     */
    record Ended(String type, Instant at, String service, String rule, CostRule.Type ruleType, CostRule.Action action)
            implements CostEventView {

        static Ended of(String type, CostRuleEnded event) {
            CostRule rule = event.rule();
            return new Ended(type, event.at(), event.service(), rule.id(), rule.type(), rule.action());
        }
    }

    /** Somebody lets calls pass rules. */
    record Overridden(String type, Instant at, String service, String reason, String by, Duration expiresIn)
            implements CostEventView {

        static Overridden of(String type, CostRulesOverridden event) {
            return new Overridden(type, event.at(), event.service(), event.reason(), event.by(), event.expiresIn());
        }
    }

    /** A large part of a budget is used. */
    record Crossed(
            String type, Instant at, String service, Period period, int percent, BigDecimal spent, BigDecimal limit)
            implements CostEventView {

        static Crossed of(String type, BudgetCrossed event) {
            return new Crossed(
                    type,
                    event.at(),
                    EventView.serviceOf(event),
                    event.period(),
                    event.percent(),
                    event.spent().toDecimal(),
                    event.limit().toDecimal());
        }
    }

    /** A service spends far more than usual; amounts are for a minute. */
    record Anomaly(String type, Instant at, String service, BigDecimal observed, BigDecimal expected, BigDecimal factor)
            implements CostEventView {

        static Anomaly of(String type, SpendAnomaly event) {
            return new Anomaly(
                    type,
                    event.at(),
                    event.service(),
                    event.observed().toDecimal(),
                    event.expected().toDecimal(),
                    event.factor());
        }
    }

    /** Null if the event is not about money. */
    static @Nullable EventView of(String type, Event event) {
        if (event instanceof CostRuleMatched matched) {
            return Matched.of(type, matched);
        }
        if (event instanceof CostRuleEnded ended) {
            return Ended.of(type, ended);
        }
        if (event instanceof CostRulesOverridden overridden) {
            return Overridden.of(type, overridden);
        }
        if (event instanceof SpendAnomaly anomaly) {
            return Anomaly.of(type, anomaly);
        }
        return event instanceof BudgetCrossed crossed ? Crossed.of(type, crossed) : null;
    }
}
