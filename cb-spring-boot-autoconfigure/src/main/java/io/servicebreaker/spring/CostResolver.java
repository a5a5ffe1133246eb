package io.servicebreaker.spring;

import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.Money;
import io.servicebreaker.spring.CostProperties.Limits;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what may be spent. What cannot be used fails with the name of the property that holds it. */
final class CostResolver {

    private static final String BUDGETS = CostProperties.PREFIX + "budgets.";

    private CostResolver() {}

    static CostSettings resolve(CostProperties costs, ConfiguredServices services) {
        BudgetLimits total =
                limits(BUDGETS, costs.budgets().daily(), costs.budgets().monthly());
        Map<String, BudgetLimits> ofServices = services(costs.budgets().services(), services);
        Currency currency = PriceResolver.currency(costs.currency());
        return new CostSettings(
                currency,
                zone(costs.zone()),
                total,
                ofServices,
                RuleResolver.resolve(costs.rules(), CostSettings.limitAnything(total, ofServices), currency),
                date(costs.pricesAsOf()),
                costs.onFailure());
    }

    private static ZoneId zone(String id) {
        try {
            return ZoneId.of(id);
        } catch (DateTimeException e) {
            throw new InvalidPropertyException(
                    CostProperties.PREFIX + "zone",
                    id,
                    "is not a time zone",
                    didYouMean(id, ZoneId.getAvailableZoneIds()) + "Use a name such as Europe/Berlin or UTC.");
        }
    }

    private static @Nullable LocalDate date(@Nullable String text) {
        try {
            return text == null || text.isBlank() ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidPropertyException(
                    CostProperties.PREFIX + "prices-as-of", text, "is not a day", "Use a day such as 2026-11-25.");
        }
    }

    private static Map<String, BudgetLimits> services(Map<String, Limits> configured, ConfiguredServices services) {
        List<String> spending = services.all().stream()
                .filter(service -> service.pricing().spends())
                .map(ConfiguredService::name)
                .toList();
        Map<String, BudgetLimits> limits = new LinkedHashMap<>();
        spending.forEach(name -> limits.put(name, BudgetLimits.NONE));
        configured.forEach((name, own) -> {
            String path = BUDGETS + "services." + name;
            checkService(path, name, services, spending);
            limits.put(name, limits(path + ".", own.daily(), own.monthly()));
        });
        return limits;
    }

    private static void checkService(
            String path, String name, ConfiguredServices services, Collection<String> spending) {
        ConfiguredService service = services.find(name)
                .orElseThrow(() -> new InvalidPropertyException(
                        path, null, "is the budget of a service that is not configured", advice(name, services)));
        if (!spending.contains(service.name())) {
            throw new InvalidPropertyException(
                    path,
                    null,
                    "is the budget of a service whose coordinate-with-cost-breaker is false",
                    "Remove it, or set " + Layers.SERVICES + name + ".coordinate-with-cost-breaker to true.");
        }
    }

    private static String advice(String name, ConfiguredServices services) {
        List<String> known =
                services.all().stream().map(ConfiguredService::name).toList();
        return didYouMean(name, known)
                + (known.isEmpty()
                        ? "Configure it under service-breaker.services."
                        : "Configured are: " + String.join(", ", known) + ".");
    }

    private static String didYouMean(String name, Collection<String> known) {
        return NearestName.of(name, known)
                .map(near -> "Did you mean " + near + "? ")
                .orElse("");
    }

    /** A month without any money is a way to stop all calls, and may be meant; other smaller months make days pointless. */
    private static BudgetLimits limits(String path, @Nullable BigDecimal daily, @Nullable BigDecimal monthly) {
        Money day = limit(path + "daily", daily);
        Money month = limit(path + "monthly", monthly);
        if (day != null && month != null && month.compareTo(Money.ZERO) > 0 && month.compareTo(day) < 0) {
            throw new InvalidPropertyException(
                    path + "monthly",
                    month.toString(),
                    "is below " + path + "daily, which is " + day + " and could never be spent",
                    "Raise it, or lower or remove the daily one.");
        }
        return new BudgetLimits(day, month);
    }

    private static @Nullable Money limit(String property, @Nullable BigDecimal amount) {
        if (amount == null) {
            return null;
        }
        if (amount.signum() < 0 || amount.compareTo(Money.MAX.toDecimal()) > 0) {
            throw new InvalidPropertyException(
                    property,
                    amount.toString(),
                    "is out of range: allowed is 0 to " + Money.MAX,
                    "Set it to a value in this range, or remove it for no limit.");
        }
        return Money.of(amount);
    }
}
