package io.servicebreaker.spring;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What calls cost and what may be spent.
 *
 * @param currency ISO code of the currency in which all money is counted.
 * @param zone Time zone whose days and months budgets are for.
 * @param budgets What may be spent.
 * @param prices Prices of models by their ids, before those of profiles. A name may end with a star.
 * @param pricesAsOf Day on which these prices were right, as in 2026-11-25: a line in the log says when they get old.
 * @param onFailure What becomes of calls if what is left of a budget cannot be found out.
 */
public record CostProperties(
        @DefaultValue("USD") String currency,
        @DefaultValue("UTC") String zone,
        @DefaultValue Budgets budgets,
        @DefaultValue Map<String, ModelPrice> prices,
        @Nullable String pricesAsOf,
        @DefaultValue("allow") OnFailure onFailure) {

    static final String PREFIX = ServiceBreakerProperties.PREFIX + ".cost.";

    /** What becomes of calls if what is left of a budget cannot be found out. */
    public enum OnFailure {
        /** They are made, as if there were no budget. */
        ALLOW,
        /** They are refused. */
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
