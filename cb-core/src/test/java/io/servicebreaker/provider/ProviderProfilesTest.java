package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.DegradationSteps;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderProfilesTest {

    private static final ProviderProfiles PROFILES = ProviderProfiles.bundled();

    @ParameterizedTest
    @CsvSource({
        "openai, 5, PT60S, PT15S, PT30S",
        "azure-openai, 5, PT60S, PT15S, PT30S",
        "anthropic, 5, PT60S, PT15S, PT30S",
        "perplexity, 5, PT60S, PT20S, PT30S",
        "lightrag, 7, PT60S, PT30S, PT150S",
        "cache, 10, PT30S, PT5S, PT30S",
    })
    void hasTheNumbersOfTheDesign(String id, int failures, Duration recovery, Duration slow, Duration timeout) {
        BreakerSettings settings = PROFILES.find(id).orElseThrow().settings();

        assertThat(settings.failureThreshold()).isEqualTo(failures);
        assertThat(settings.recoveryTimeout()).isEqualTo(recovery);
        assertThat(settings.slowCallDuration()).isEqualTo(slow);
        assertThat(settings.timeoutThreshold()).isEqualTo(timeout);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, 10, REQUESTS TOKENS TOKENS",
        "azure-openai, 10, REQUESTS TOKENS",
        "anthropic, 10, REQUESTS TOKENS INPUT_TOKENS OUTPUT_TOKENS",
        "perplexity, 15, REQUESTS",
        "lightrag, 10, ''",
        "cache, 0, ''",
        "generic, 0, ''",
    })
    void knowsWhereEachTellsOfItsLimits(String id, int floor, String units) {
        ProviderProfile profile = PROFILES.find(id).orElseThrow();

        assertThat(profile.limitSettings().approachingLimitFloor()).isEqualTo(floor);
        assertThat(profile.limits().stream().map(limit -> limit.unit().name()).collect(Collectors.joining(" ")))
                .isEqualTo(units);
        assertThat(profile.limits())
                .allSatisfy(limit -> assertThat(limit.names())
                        .hasSize(3)
                        .doesNotHaveDuplicates()
                        .allMatch(name -> name.contains("ratelimit")));
    }

    @ParameterizedTest
    @CsvSource({
        "openai, REDUCED, model, gpt-4.1-mini",
        "openai, LIMITED, model, gpt-4.1-nano",
        "openai, MINIMAL, prompt, short",
        "openai, CACHE_ONLY, answer, cached",
        "azure-openai, LIMITED, max-tokens, 1000",
        "anthropic, REDUCED, model, claude-haiku-4-5",
        "perplexity, REDUCED, results, 5",
        "perplexity, CACHE_ONLY, answer, cached",
        "lightrag, REDUCED, top-k, 5",
        "lightrag, REDUCED, context-tokens, 2000",
        "lightrag, LIMITED, mode, naive",
        "lightrag, MINIMAL, retrieval, keyword",
    })
    void offersTheStepsOfTheDesign(String id, DegradationLevel level, String name, String value) {
        assertThat(steps(id).at(level).get(name)).hasValue(value);
    }

    @Test
    void offersNothingThatNobodyWouldSee() {
        assertThat(steps("cache")).isEqualTo(DegradationSteps.NONE);
        assertThat(PROFILES.of("unheard-of").steps()).isEqualTo(DegradationSteps.NONE);
        assertThat(PROFILES.ids())
                .allSatisfy(id ->
                        assertThat(steps(id).at(DegradationLevel.FULL).values()).isEmpty());
    }

    @Test
    void offersModelsOfKnownPricesAndTokensThatAreNumbers() {
        for (String id : PROFILES.ids()) {
            ProviderProfile profile = PROFILES.of(id);
            for (DegradationLevel level : DegradationLevel.values()) {
                DegradationHints hints = profile.steps().at(level);
                hints.model()
                        .ifPresent(model -> assertThat(profile.prices().prices().find(model))
                                .as(id + " " + model)
                                .isPresent());
                assertThat(hints.get(DegradationHints.MAX_TOKENS).isPresent())
                        .isEqualTo(hints.maxTokens().isPresent());
            }
        }
    }

    private static DegradationSteps steps(String id) {
        return PROFILES.of(id).steps();
    }

    @Test
    void anyOtherServiceHasTheDefaults() {
        assertThat(PROFILES.of("unheard-of").settings()).isEqualTo(BreakerSettings.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OpenAI", "OPENAI", "openai ", "unheard-of"})
    void isNotFoundByAnotherName(String id) {
        assertThat(PROFILES.find(id)).isEmpty();
    }
}
