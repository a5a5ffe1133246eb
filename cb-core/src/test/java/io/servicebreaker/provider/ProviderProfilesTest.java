package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;
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
