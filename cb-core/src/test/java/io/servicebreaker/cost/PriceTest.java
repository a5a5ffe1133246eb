package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {

    private static final BigDecimal MOST = new BigDecimal(1_000_000_000);

    @ParameterizedTest
    @CsvSource({"0.15, 0.60, 1000, 500, 0.00045", "5, 15, 500, 200, 0.0055", "0.15, 0.60, 0, 0, 0"})
    void isExactForTokens(String input, String output, int sent, int generated, BigDecimal cost) {
        assertThat(price(input, output, null).of(new Usage(sent, generated, 0)).toDecimal())
                .isEqualByComparingTo(cost);
    }

    @Test
    void isLowerForCachedInput() {
        Price price = price("2.50", "10", "1.25");

        assertThat(price.of(new Usage(1000, 0, 400))).hasToString("0.002");
    }

    @Test
    void ofCachedInputIsThatOfInputUnlessItIsKnown() {
        assertThat(price("2.50", "10", null).of(new Usage(1000, 0, 400))).hasToString("0.0025");
    }

    @Test
    void addsWhatACallAndItsSearchesCost() {
        Price price = Price.of(null, null, null, new BigDecimal("0.006"), new BigDecimal("0.005"));

        assertThat(price.of(new Usage(1000, 1000, 0, 3))).hasToString("0.021");
    }

    @Test
    void isNeverTooLow() {
        assertThat(price("0.0375", "0", null).of(new Usage(1, 0, 0))).hasToString("0.000000038");
    }

    @Property(tries = 2000)
    void isThatOfUnlimitedPrecisionRoundedUp(
            @ForAll @LongRange(min = 2_000_000, max = 100_000_000_000_000_000L) long inputBillionths,
            @ForAll @LongRange(min = 2_000_000, max = 100_000_000_000_000_000L) long outputBillionths,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int sent,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int generated) {
        BigDecimal input = BigDecimal.valueOf(inputBillionths, 9);
        BigDecimal output = BigDecimal.valueOf(outputBillionths, 9);

        Money cost = Price.of(Currency.getInstance("VND"), input, output, null, null, null)
                .of(new Usage(sent, generated, 0));

        BigDecimal exact = input.multiply(BigDecimal.valueOf(sent))
                .add(output.multiply(BigDecimal.valueOf(generated)))
                .movePointLeft(6);
        assertThat(cost.toDecimal())
                .isEqualByComparingTo(exact.setScale(9, RoundingMode.CEILING).min(MOST));
    }

    @Test
    void ofAsManyTokensAndSearchesAsThereAreIsNoMoreThanABillion() {
        BigDecimal most = new BigDecimal(30_000_000);
        Price price = Price.of(Currency.getInstance("VND"), most, most, most, most, most);

        assertThat(price.of(new Usage(Integer.MAX_VALUE, Integer.MAX_VALUE, 5, Integer.MAX_VALUE))
                        .toDecimal())
                .isEqualByComparingTo(MOST);
    }

    @ParameterizedTest
    @CsvSource({"JPY, 90000, true", "KRW, 840000, true", "INR, 51000, true", "IDR, 100000001, false", "EUR, 3001, false"
    })
    void mayBeHigherInACurrencyOfWhichADollarIsMany(String currency, BigDecimal price, boolean plausible) {
        ThrowingCallable made = () -> Price.of(Currency.getInstance(currency), price, price, null, null, null);

        if (plausible) {
            assertThatNoException().isThrownBy(made);
        } else {
            assertThatExceptionOfType(InvalidPriceException.class).isThrownBy(made);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, input = -1 is negative",
        "3001, 1, input = 3001 is more than 3000",
        "1, 0.00000015, output = 0.00000015 is less than 0.002 for a million tokens",
        "0.00015, 0.0006, 'input = 0.00015 is less than 0.002 for a million tokens, as if meant for a single one: a million would then cost 150'",
        "1e300, 1, absurd"
    })
    void thatIsImplausibleIsRefused(String input, String output, String problem) {
        assertThatExceptionOfType(InvalidPriceException.class)
                .isThrownBy(() -> price(input, output, null))
                .withMessageContaining(problem);
    }

    @Test
    void ofAModelIsThatOfItsIdOrElseOfTheLongestBeginning() {
        PriceList prices = PriceList.of(Map.of(
                "gpt-4o", price("5", "15", null),
                "gpt-4o-*", price("2.50", "10", null),
                "gpt-4o-mini-*", price("0.15", "0.60", null),
                "*", Price.FREE));

        assertThat(prices.find("gpt-4o").orElseThrow().input()).hasToString("5");
        assertThat(prices.find("gpt-4o-2024-08-06").orElseThrow().input()).hasToString("2.5");
        assertThat(prices.find("gpt-4o-mini-2024-07-18").orElseThrow().input()).hasToString("0.15");
        assertThat(prices.find("llama")).contains(Price.FREE);
        assertThat(PriceList.EMPTY.find("llama")).isEmpty();
    }

    @Test
    void ofAStrongerListComesFirstWhateverItsNamesAre() {
        PriceList strongest = PriceList.of(Map.of("gpt-4o*", price("1", "1", null)));
        PriceList weaker = PriceList.of(Map.of("gpt-4o", price("2", "2", null), "gpt-5", price("3", "3", null)));
        PriceList weakest = PriceList.of(Map.of("*", price("4", "4", null)));

        PriceList prices = strongest.over(weaker).over(weakest);

        assertThat(prices.find("gpt-4o").orElseThrow().input()).hasToString("1");
        assertThat(prices.find("gpt-5").orElseThrow().input()).hasToString("3");
        assertThat(prices.find("llama").orElseThrow().input()).hasToString("4");
        assertThat(strongest.find("gpt-5")).isEmpty();
    }

    @Test
    void ofANameWithAStarInTheMiddleIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceList.of(Map.of("gpt-*-mini", Price.FREE)))
                .withMessageContaining("gpt-*-mini");
    }

    private static Price price(String input, String output, String cachedInput) {
        return Price.of(
                new BigDecimal(input),
                new BigDecimal(output),
                cachedInput == null ? null : new BigDecimal(cachedInput),
                null,
                null);
    }
}
