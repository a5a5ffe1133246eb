package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "PT0S, 0s",
        "PT0.015S, 15ms",
        "PT1S, 1s",
        "PT1.5S, 1.5s",
        "PT8.64S, 8.64s",
        "PT10S, 10s",
        "PT6M, 6m0s",
        "PT1H2M3S, 1h2m3s",
        "PT2H, 2h0m0s",
        "PT24H, 24h0m0s"
    })
    void writesDurationsAsGoDoes(Duration duration, String text) {
        assertThat(GoDuration.of(duration)).isEqualTo(text);
    }
}
