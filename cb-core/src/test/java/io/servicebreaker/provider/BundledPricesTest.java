package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Price;
import java.time.LocalDate;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundledPricesTest {

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, 2.5, 1.25, 10",
        "openai, gpt-4o-2024-08-06, 2.5, 1.25, 10",
        "openai, gpt-4o-2024-05-13, 5, 5, 15",
        "openai, gpt-4o-mini-2024-07-18, 0.15, 0.075, 0.6",
        "openai, gpt-4.1-nano, 0.1, 0.025, 0.4",
        "openai, gpt-5-mini-2025-08-07, 0.25, 0.025, 2",
        "openai, o3, 2, 0.5, 8",
        "openai, o4-mini, 1.1, 0.275, 4.4",
        "openai, text-embedding-3-small, 0.02, 0.02, 0",
        "azure-openai, gpt-4o-2024-11-20, 2.5, 1.25, 10",
        "anthropic, claude-opus-4-20250514, 15, 1.5, 75",
        "anthropic, claude-opus-4-5-20251101, 5, 0.5, 25",
        "anthropic, claude-sonnet-4-5-20250929, 3, 0.3, 15",
        "anthropic, claude-haiku-4-5, 1, 0.1, 5",
        "perplexity, sonar-pro, 3, 3, 15",
        "lightrag, naive, 0, 0, 0",
        "cache, lightrag, 0, 0, 0"
    })
    void namesWhatAMillionTokensCost(String profile, String model, String input, String cached, String output) {
        Price price = table(profile).prices().find(model).orElseThrow();

        assertThat(price.input()).hasToString(input);
        assertThat(price.cachedInput()).hasToString(cached);
        assertThat(price.output()).hasToString(output);
    }

    @Test
    void namesWhatRequestsAndSearchesOfPerplexityCost() {
        assertThat(table("perplexity").prices().find("sonar").orElseThrow().of(new Usage(0, 0, 0)))
                .hasToString("0.012");
        assertThat(table("perplexity")
                        .prices()
                        .find("sonar-deep-research")
                        .orElseThrow()
                        .of(new Usage(0, 0, 0, 3)))
                .hasToString("0.015");
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, 0.025",
        "openai, gpt-4.1-mini, 0.025",
        "openai, gpt-5-mini, 0.01",
        "openai, gpt-5.6-sol, 0.01",
        "openai, o3, 0.01",
        "openai, text-embedding-3-small, 0",
        "anthropic, claude-sonnet-4-5-20250929, 0.01",
        "anthropic, claude-opus-5, 0.01"
    })
    void namesWhatASearchCosts(String profile, String model, String cost) {
        assertThat(table(profile).prices().find(model).orElseThrow().perSearch())
                .hasToString(cost);
    }

    @ParameterizedTest
    @CsvSource({"openai, gpt-4o-realtime-preview", "openai, gpt-5-search-api", "anthropic, claude-9", "generic, gpt-4o"
    })
    void leaveOutWhatIsNotKnown(String profile, String model) {
        assertThat(table(profile).prices().find(model)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"openai, 2026-08-02", "azure-openai, 2026-08-02", "anthropic, 2026-07-29", "perplexity, 2025-07-03"})
    void areDatedAndInDollars(String profile, LocalDate day) {
        assertThat(table(profile).asOf()).isEqualTo(day);
        assertThat(table(profile).isIn(Currency.getInstance("USD"))).isTrue();
        assertThat(table(profile).isIn(Currency.getInstance("EUR"))).isFalse();
    }

    @Test
    void areInEveryCurrencyWhereAllIsFree() {
        assertThat(table("cache").isIn(Currency.getInstance("EUR"))).isTrue();
        assertThat(table("cache").asOf()).isNull();
    }

    private static PriceTable table(String profile) {
        return ProviderProfiles.bundled().find(profile).orElseThrow().prices();
    }
}
