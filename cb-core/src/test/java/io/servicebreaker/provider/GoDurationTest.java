package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "1s, PT1S",
        "6m0s, PT6M",
        "120ms, PT0.12S",
        "15ms, PT0.015S",
        "1h2m3s, PT1H2M3S",
        "1.5s, PT1.5S",
        "1m30.951s, PT1M30.951S",
        "8.64s, PT8.64S",
        "250µs, PT0.00025S",
        "250us, PT0.00025S",
        "7ns, PT0.000000007S",
        "1d, PT24H",
        "0s, PT0S",
        "' 2S ', PT2S"
    })
    void readsWhatGoPrints(String text, Duration duration) {
        assertThat(GoDuration.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "5", "s", "-1s", "+1s", "1s2m", "1 s", "1e3s", "9999999999s", "1.s", ".5s", "1s!", "٣s"
            })
    void readsNothingElse(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Property
    void neverThrowsAndIsNeverNegative(@ForAll String text) {
        assertThat(GoDuration.parse(text).stream()).noneMatch(Duration::isNegative);
    }

    @Property
    void readsEveryNumberOfMilliseconds(@ForAll @LongRange(min = 0, max = 359_999_999) long millis) {
        String text = "%dh%dm%d.%03ds"
                .formatted(millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000);

        assertThat(GoDuration.parse(text)).contains(Duration.ofMillis(millis));
    }
}
