package io.servicebreaker.spring;

import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.Money;
import io.servicebreaker.provider.PriceTable;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people should know about money when the application starts. */
final class CostNotices {

    private static final Logger log = LoggerFactory.getLogger(CostNotices.class);
    private static final long OLD_DAYS = 180;

    private CostNotices() {}

    static void log(CostSettings settings, ConfiguredServices services, LocalDate today, boolean inMemory) {
        List<ConfiguredService> spending = services.all().stream()
                .filter(service -> service.pricing().spends())
                .toList();
        if (inMemory && settings.limitAnything()) {
            log.warn("Spending is kept in memory: a restart of this application forgets what has been spent today and"
                    + " this month, and the budgets begin anew. service-breaker.store.type=jdbc keeps it");
        }
        foreignPrices(settings, spending);
        if (!Money.isAboutADollar(settings.currency())) {
            rulesInDollars(settings);
        }
        oldPrices(settings, spending, today);
    }

    private static void foreignPrices(CostSettings settings, List<ConfiguredService> spending) {
        List<String> without = spending.stream()
                .filter(service -> !service.pricing().bundled().isIn(settings.currency()))
                .map(ConfiguredService::name)
                .toList();
        if (!without.isEmpty()) {
            log.info(
                    "Money is counted in {}, so the bundled prices, which are in USD, are not used, nor are costs that"
                            + " providers name. Calls of {} to models without a price under service-breaker.cost.prices"
                            + " count with the default of their operation{}",
                    settings.currency(),
                    String.join(", ", without),
                    Money.isAboutADollar(settings.currency())
                            ? ""
                            : ", which is meant in dollars: 0.01 for most. Set prices of all models that are used");
        }
    }

    /** Nobody knows how many of another currency a dollar is. */
    private static void rulesInDollars(CostSettings settings) {
        List<String> missing = CostRules.DEFAULTS.stream()
                .filter(rule -> !settings.rules().contains(rule))
                .map(rule -> rule.id() + " (" + rule.value() + ")")
                .toList();
        boolean areDefaults = CostRules.DEFAULTS.containsAll(settings.rules());
        if (areDefaults && !settings.rules().isEmpty() && !missing.isEmpty()) {
            log.warn(
                    "Money is counted in {}, so the default rules whose values are meant in dollars are not in force: {}."
                            + " Those that you set under service-breaker.cost.rules take the place of all default rules",
                    settings.currency(),
                    String.join(", ", missing));
        }
    }

    private static void oldPrices(CostSettings settings, List<ConfiguredService> spending, LocalDate today) {
        List<String> old = new ArrayList<>();
        if (isOld(settings.pricesAsOf(), today)) {
            old.add("service-breaker.cost.prices of " + settings.pricesAsOf());
        }
        for (ConfiguredService service : spending) {
            PriceTable bundled = service.pricing().bundled();
            if (bundled.isIn(settings.currency()) && isOld(bundled.asOf(), today)) {
                old.add("the bundled ones for " + service.name() + " of " + bundled.asOf());
            }
        }
        if (!old.isEmpty()) {
            log.info(
                    "Prices are older than {} days: {}. Set those that have changed under service-breaker.cost.prices",
                    OLD_DAYS,
                    String.join(", ", old));
        }
    }

    private static boolean isOld(@Nullable LocalDate asOf, LocalDate today) {
        return asOf != null && ChronoUnit.DAYS.between(asOf, today) > OLD_DAYS;
    }
}
