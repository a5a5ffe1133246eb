package io.servicebreaker.cost;

import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import java.util.Currency;
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

    /** Five times what the dearest model costs for a million tokens, in dollars and currencies of about their worth. */
    public static final Money HIGHEST_FOR_A_MILLION = Money.of("3000");

    /** What a search or a call may cost at most, in the same. */
    public static final Money HIGHEST_FOR_ONE = Money.of("1000");

    /**
     * Below, a price for a million tokens is one for a single token. The cheapest models cost several times as much, a
     * single token of the dearest costs a third.
     */
    public static final Money LOWEST_FOR_A_MILLION = Money.of("0.002");

    private static final Currency DOLLAR = Currency.getInstance("USD");
    private static final long MILLION = 1_000_000;

    /** In billionths. No call costs more, so that sums have room. */
    private static final long MOST = 1_000_000_000L * 1_000_000_000L;

    private static final Highest OF_ABOUT_A_DOLLAR = new Highest(HIGHEST_FOR_A_MILLION, HIGHEST_FOR_ONE);

    /** Of a currency of which a dollar may be any number: enough for one of which it is thirty thousand. */
    private static final Highest OF_ANY = new Highest(Money.of("100000000"), Money.of("30000000"));

    /** Costs nothing. */
    public static final Price FREE = new Price(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);

    /** What prices are at most. */
    private record Highest(Money forAMillion, Money forOne) {}

    public Price {
        check(input, output, cachedInput, perRequest, perSearch, OF_ANY);
    }

    private static void check(
            Money input, Money output, Money cachedInput, Money perRequest, Money perSearch, Highest highest) {
        checkTokens("input", input, highest);
        checkTokens("output", output, highest);
        checkTokens("cached-input", cachedInput, highest);
        checkOne("per-request", perRequest, highest.forOne());
        checkOne("per-search", perSearch, highest.forOne());
    }

    private static void checkTokens(String kind, Money price, Highest highest) {
        checkOne(kind, price, highest.forAMillion());
        if (price.billionths() != 0 && price.compareTo(LOWEST_FOR_A_MILLION) < 0) {
            throw new InvalidPriceException(
                    kind,
                    price.toString(),
                    "is less than " + LOWEST_FOR_A_MILLION
                            + " for a million tokens, as if meant for a single one: a million would then cost "
                            + new Money(price.billionths() * MILLION));
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
     * A price in dollars, as configured; what is absent costs nothing, but cached input costs what other input does.
     *
     * @throws InvalidPriceException if one is negative or implausible
     */
    public static Price of(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal perRequest,
            @Nullable BigDecimal perSearch) {
        return of(DOLLAR, input, output, cachedInput, perRequest, perSearch);
    }

    /**
     * As {@link #of(BigDecimal, BigDecimal, BigDecimal, BigDecimal, BigDecimal)}, in another currency. The less it is worth,
     * the less is known of what is implausible.
     */
    public static Price of(
            Currency currency,
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal perRequest,
            @Nullable BigDecimal perSearch) {
        Price price = new Price(
                money("input", input),
                money("output", output),
                money("cached-input", cachedInput == null ? input : cachedInput),
                money("per-request", perRequest),
                money("per-search", perSearch));
        if (Money.isAboutADollar(currency)) {
            price.check(OF_ABOUT_A_DOLLAR);
        }
        return price;
    }

    private void check(Highest highest) {
        check(input, output, cachedInput, perRequest, perSearch, highest);
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
        long wholes = wholes(freshInput, input) + wholes(cached, cachedInput) + wholes(outputTokens, output);
        long parts = parts(freshInput, input) + parts(cached, cachedInput) + parts(outputTokens, output);
        long sum = wholes
                + (parts + MILLION - 1) / MILLION
                + perRequest.billionths()
                + product(Math.min(searches, MILLION), perSearch.billionths());
        return Math.min(MOST, sum);
    }

    /** What tokens cost, but for the millionths of a billionth in the price of one. */
    private static long wholes(int tokens, Money price) {
        return product(tokens, price.billionths() / MILLION);
    }

    /** What these add, in the same millionths: far from the largest number. */
    private static long parts(int tokens, Money price) {
        return tokens * (price.billionths() % MILLION);
    }

    /** At most {@link #MOST}: five of these still have a sum. */
    private static long product(long number, long price) {
        long product = number * price;
        boolean fits = Math.multiplyHigh(number, price) == 0 && product >= 0;
        return fits ? Math.min(MOST, product) : MOST;
    }
}
