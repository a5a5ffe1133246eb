package io.servicebreaker.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Set;

/**
 * An exact amount of money in the configured currency, counted in its billionths, so that a single token has a price.
 * Sums that are too large stay at the largest.
 *
 * @param billionths may be negative, as a correction
 */
public record Money(long billionths) implements Comparable<Money> {

    /** Nothing. */
    public static final Money ZERO = new Money(0);

    /** Some nine billion. */
    public static final Money MAX = new Money(Long.MAX_VALUE);

    private static final Set<String> ABOUT_A_DOLLAR = Set.of("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD");

    private static final int DIGITS = 9;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE, DIGITS);

    /**
     * An amount, rounded up to the next billionth: what is spent is never too little.
     *
     * @throws IllegalArgumentException if it is larger than {@link #MAX}, or smaller than its negative
     */
    public static Money of(BigDecimal amount) {
        if (amount.abs().compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("not an amount of money: more than " + LARGEST.toPlainString());
        }
        return new Money(
                amount.setScale(DIGITS, RoundingMode.CEILING).unscaledValue().longValueExact());
    }

    /** An amount, as {@link #of(BigDecimal)}. */
    public static Money of(String amount) {
        return of(new BigDecimal(amount));
    }

    /**
     * Whether one of a currency is worth about a dollar, half of it or twice as much, so that amounts which are meant in
     * dollars make sense in it.
     */
    public static boolean isAboutADollar(Currency currency) {
        return ABOUT_A_DOLLAR.contains(currency.getCurrencyCode());
    }

    /** Both together. */
    public Money plus(Money other) {
        return new Money(sum(billionths, other.billionths));
    }

    /** This without the other. */
    public Money minus(Money other) {
        return new Money(sum(billionths, -Math.max(other.billionths, -Long.MAX_VALUE)));
    }

    /** Whether there is room for an amount; what is nothing fits also where there is too much, but not below 0. */
    static boolean fits(long before, long amount, long most) {
        return most >= 0 && (amount == 0 || sum(before, amount) <= most);
    }

    static long sum(long one, long other) {
        long sum = one + other;
        boolean overflown = ((one ^ sum) & (other ^ sum)) < 0;
        return overflown ? (one < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE) : sum;
    }

    /** As a decimal without needless zeros. */
    public BigDecimal toDecimal() {
        BigDecimal exact = BigDecimal.valueOf(billionths, DIGITS).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(billionths, other.billionths);
    }

    @Override
    public String toString() {
        return toDecimal().toPlainString();
    }
}
