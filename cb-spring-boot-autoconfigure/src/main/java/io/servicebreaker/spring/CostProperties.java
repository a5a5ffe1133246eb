package io.servicebreaker.spring;

import io.servicebreaker.cost.CostRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What calls cost and what may be spent.
 *
 * @param currency ISO code of the currency in which all money is counted.
 * @param zone Time zone whose days and months budgets are for.
 * @param budgets What may be spent.
 * @param rules What is done when calls cost more than a value. Without any, six default rules hold where a budget is
 *     set; an empty list is for no rules.
 * @param prices Prices of models by their ids, before those of profiles. A name may end with a star.
 * @param pricesAsOf Day on which these prices were right, as in 2026-11-25: a line in the log says when they get old.
 * @param onFailure What becomes of calls if what is left of a budget cannot be found out, as until a database has said
 *     what was spent before the start.
 */
public record CostProperties(
        @DefaultValue("USD") String currency,
        @DefaultValue("UTC") String zone,
        @DefaultValue Budgets budgets,
        @Nullable List<Rule> rules,
        @DefaultValue Map<String, ModelPrice> prices,
        @Nullable String pricesAsOf,
        @DefaultValue("allow") OnFailure onFailure) {

    static final String PREFIX = ServiceBreakerProperties.PREFIX + ".cost.";

    /** What becomes of calls if what is left of a budget cannot be found out. */
    public enum OnFailure {
        /** They are made, as if there were no budget. */
        ALLOW,
        /** They are refused, also until it is known what was spent before a restart. */
        BLOCK
    }

    /**
     * What may be spent.
     *
     * @param daily Most that all services together may spend in a day; 0 allows nothing.
     * @param monthly Most that all services together may spend in a month; 0 allows nothing.
     * @param services Budgets of single services by their names, within those of all.
     */
    public record Budgets(
            @Nullable BigDecimal daily,
            @Nullable BigDecimal monthly,
            @DefaultValue Map<String, Limits> services) {}

    /**
     * What one service may spend.
     *
     * @param daily Most that it may spend in a day; 0 allows nothing.
     * @param monthly Most that it may spend in a month; 0 allows nothing.
     */
    public record Limits(
            @Nullable BigDecimal daily, @Nullable BigDecimal monthly) {}

    /**
     * What is done when calls cost more than a value.
     *
     * @param id Names it; no other rule may have it.
     * @param type What is compared with the value.
     * @param value Money of the day, month or one call, money for each hour, or percent of a budget.
     * @param action What is done with the calls that it matches.
     * @param priority Of rules with the same action the one with the highest priority decides.
     * @param operations Operations whose calls it is for; all without any.
     * @param categories Categories whose calls it is for; all without any.
     * @param window How far back a rate looks.
     * @param throttleFactor Share of calls that throttling lets through, up to 1.
     * @param cooldown Least time between two alerts. Nothing that is refused depends on it.
     * @param recoveryThreshold Once it has matched, it stays in force until spending has been below this, in the unit of
     *     the value.
     * @param recoveryWindow For how long spending has to have been below the threshold.
     * @param allowEmergencyOverride Whether calls may pass it during an emergency override.
     */
    public record Rule(
            @Nullable String id,
            CostRule.@Nullable Type type,
            @Nullable BigDecimal value,
            @DefaultValue("block") CostRule.Action action,
            @DefaultValue("1") int priority,
            @DefaultValue Set<String> operations,
            @DefaultValue Set<String> categories,
            @DefaultValue("1h") Duration window,
            @DefaultValue("0.5") double throttleFactor,
            @DefaultValue("5m") Duration cooldown,
            @Nullable BigDecimal recoveryThreshold,
            @DefaultValue("10m") Duration recoveryWindow,
            @DefaultValue("false") boolean allowEmergencyOverride) {}

    /**
     * What a model costs. What is absent costs nothing, but cached input costs what other input does.
     *
     * @param input For a million tokens sent.
     * @param output For a million tokens generated.
     * @param cachedInput For a million tokens sent that the provider had cached.
     * @param perRequest For a call, whatever it does.
     * @param perSearch For a search that the model makes.
     */
    public record ModelPrice(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal perRequest,
            @Nullable BigDecimal perSearch) {}
}
