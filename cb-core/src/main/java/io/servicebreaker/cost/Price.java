package io.servicebreaker.cost;

import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs. Immutable.
 *
 * @param input for a million tokens sent
 * @param output for a million tokens generated
 * @param cachedInput for a million tokens sent that the provider had cached
 * @param perRequest for a call, whatever it does
 * @param perSearch for a search that the model makes
 */
public record Price(Money input, Money output, Money cachedInput, Money perRequest, Money perSearch) {

    /** Five times what the dearest model costs for a million tokens. Up to here no sum overflows. */
    public static final Money HIGHEST_FOR_A_MILLION = Money.of("3000");

    /** What a search or a call may cost at most, for the same reason. */
    public static final Money HIGHEST_FOR_ONE = Money.of("1000");

    /**
     * Below, a price for a million tokens is one for a single token. The cheapest models cost more than a hundred times as
     * much.
     */
    public static final Money LOWEST_FOR_A_MILLION = Money.of("0.0001");

    /** Costs nothing. */
    public static final Price FREE = new Price(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);

    private static final long MILLION = 1_000_000;

    public Price {
        checkTokens("input", input);
        checkTokens("output", output);
        checkTokens("cached-input", cachedInput);
        checkOne("per-request", perRequest, HIGHEST_FOR_ONE);
        checkOne("per-search", perSearch, HIGHEST_FOR_ONE);
    }

    private static void checkTokens(String kind, Money price) {
        checkOne(kind, price, HIGHEST_FOR_A_MILLION);
        if (price.billionths() != 0 && price.compareTo(LOWEST_FOR_A_MILLION) < 0) {
            throw new InvalidPriceException(
                    kind,
                    price.toString(),
                    "is less than " + LOWEST_FOR_A_MILLION + " for a million tokens, as if meant for a single one");
        }
    }

    private static void checkOne(String kind, Money price, Money highest) {
        if (price.compareTo(Money.ZERO) < 0) {
            throw new InvalidPriceException(kind, price.toString(), "is negative");
        }
        if (price.compareTo(highest) > 0) {
            throw new InvalidPriceException(kind, price.toString(), "is more than " + highest);
        }
    }

    /**
     * A price as configured; what is absent costs nothing, but cached input costs what other input does.
     *
     * @throws InvalidPriceException if one is negative or implausible
     */
    public static Price of(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal perRequest,
            @Nullable BigDecimal perSearch) {
        return new Price(
                money("input", input),
                money("output", output),
                money("cached-input", cachedInput == null ? input : cachedInput),
                money("per-request", perRequest),
                money("per-search", perSearch));
    }

    private static Money money(String kind, @Nullable BigDecimal amount) {
        if (amount == null) {
            return Money.ZERO;
        }
        try {
            return Money.of(amount);
        } catch (IllegalArgumentException e) {
            throw new InvalidPriceException(kind, amount.toString(), "is absurd");
        }
    }

    /** What a call costs, rounded up to the next billionth. */
    public Money of(Usage usage) {
        return new Money(billionths(usage));
    }

    /** The same without an allocation, since each call is priced when it ends. */
    long billionths(Usage usage) {
        int fresh = usage.input() - usage.cachedInput();
        return of(fresh, usage.cachedInput(), usage.output(), usage.searches());
    }

    /** In billionths. Without an allocation, since each call is priced before it is made. */
    long of(int freshInput, int cached, int outputTokens, int searches) {
        long wholes = freshInput / MILLION * input.billionths()
                + cached / MILLION * cachedInput.billionths()
                + outputTokens / MILLION * output.billionths();
        long parts = product(freshInput, input) + product(cached, cachedInput) + product(outputTokens, output);
        return wholes
                + (parts + MILLION - 1) / MILLION
                + perRequest.billionths()
                + Math.min(searches, MILLION) * perSearch.billionths();
    }

    /** Below a third of the largest number, by the limits on prices. */
    private static long product(int tokens, Money price) {
        return tokens % MILLION * price.billionths();
    }
}
