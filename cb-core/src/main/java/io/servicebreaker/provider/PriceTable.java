package io.servicebreaker.provider;

import io.servicebreaker.cost.PriceList;
import java.time.LocalDate;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * The prices of a provider's models that come with ServiceBreaker. Immutable.
 *
 * @param currency of the prices; null if all is free
 * @param asOf the day on which they were right; null if they cannot grow old
 */
public record PriceTable(
        PriceList prices,
        @Nullable Currency currency,
        @Nullable LocalDate asOf) {

    /** Knows no prices. */
    public static final PriceTable EMPTY = new PriceTable(PriceList.EMPTY, null, null);

    /** Whether its prices are right where money is counted in a currency. */
    public boolean isIn(Currency counted) {
        return currency == null || currency.equals(counted);
    }
}
