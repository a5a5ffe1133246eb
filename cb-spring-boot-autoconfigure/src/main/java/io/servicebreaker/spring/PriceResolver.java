package io.servicebreaker.spring;

import io.servicebreaker.cost.InvalidPriceException;
import io.servicebreaker.cost.Price;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.provider.PriceTable;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.spring.CostProperties.ModelPrice;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Puts the layers of prices together: the configuration, the profile of the user's own, ours. What cannot be used fails with
 * the name of the property that holds it.
 */
final class PriceResolver {

    /** In which providers name costs. */
    private static final String DOLLARS = "USD";

    private final Currency currency;
    private final PriceList strongest;
    private final Map<String, PriceList> ofProfiles = new LinkedHashMap<>();

    PriceResolver(CostProperties costs, Map<String, Profile> profiles) {
        this.currency = currency(costs.currency());
        this.strongest = prices(CostProperties.PREFIX + "prices", costs.prices());
        profiles.forEach((id, profile) -> ofProfiles.put(
                id, prices(ServiceBreakerProperties.PREFIX + ".profiles." + id + ".prices", profile.prices())));
    }

    static Currency currency(String code) {
        try {
            return Currency.getInstance(code.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidPropertyException(
                    CostProperties.PREFIX + "currency",
                    code,
                    "is not the ISO code of a currency",
                    "Use a code such as USD or EUR.");
        }
    }

    /** What calls of a service with that profile cost. */
    Pricing pricing(ProviderProfile provider, boolean spends) {
        PriceTable bundled = provider.prices();
        PriceList ours = bundled.isIn(currency) ? bundled.prices() : PriceList.EMPTY;
        PriceList ofProfile = ofProfiles.getOrDefault(provider.id(), PriceList.EMPTY);
        boolean told = currency.getCurrencyCode().equals(DOLLARS);
        return new Pricing(spends, strongest.over(ofProfile).over(ours), bundled, told);
    }

    /** Whether a model has a price with that profile, in whatever currency. */
    boolean know(ProviderProfile provider, String model) {
        PriceList ofProfile = ofProfiles.getOrDefault(provider.id(), PriceList.EMPTY);
        return strongest
                .over(ofProfile)
                .over(provider.prices().prices())
                .find(model)
                .isPresent();
    }

    private PriceList prices(String property, Map<String, ModelPrice> configured) {
        Map<String, Price> prices = new LinkedHashMap<>();
        configured.forEach((model, price) -> {
            checkName(property, model);
            prices.put(model, price(property + "." + model + ".", price));
        });
        return PriceList.of(prices);
    }

    /** No id ends with a hyphen: the star was forgotten. */
    private static void checkName(String property, String model) {
        int star = model.indexOf('*');
        boolean starWithin = star >= 0 && star < model.length() - 1;
        if (model.isBlank() || model.endsWith("-") || starWithin) {
            throw new InvalidPropertyException(
                    property + "[" + model + "]",
                    null,
                    "is not the name of a model",
                    "Use the id of a model, or the beginning of ids with a * at its end, in brackets: " + property
                            + "[gpt-4o-*].");
        }
    }

    private Price price(String path, ModelPrice price) {
        try {
            return Price.of(
                    currency,
                    price.input(),
                    price.output(),
                    price.cachedInput(),
                    price.perRequest(),
                    price.perSearch());
        } catch (InvalidPriceException e) {
            throw new InvalidPropertyException(
                    path + e.kind(),
                    e.value(),
                    e.problem(),
                    "Set the price for a million tokens, or for one request or search, in the configured currency.");
        }
    }
}
