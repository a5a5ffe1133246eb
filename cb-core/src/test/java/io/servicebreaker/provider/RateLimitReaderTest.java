package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitReaderTest {

    private static final LimitHeaders HEADERS = new LimitHeaders(LimitUnit.REQUESTS, "limit", "remaining", "reset");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long NANOS = 7_000_000_000L;

    private final RateLimitReader reader = new RateLimitReader();

    @ParameterizedTest
    @CsvSource({
        "500, 499, 6m0s, 500, 499, 360000",
        "'30,000', '29,999', 120ms, 30000, 29999, 120",
        "150000000, 149999997, 1.5s, 150000000, 149999997, 1500",
        "' 60 ', 0.0, 20, 60, 0, 20000",
        "50, 50, 2026-03-01T12:00:30Z, 50, 50, 30000",
        "50, 0, 2026-03-01T14:00:30+02:00, 50, 0, 30000",
    })
    void readsWhatProvidersSend(
            String limit, String remaining, String reset, long limits, long remains, long resetMillis) {
        assertThat(read(limit, remaining, reset))
                .isEqualTo(new RateLimit(limits, remains, NANOS, NANOS + resetMillis * 1_000_000));
        assertThat(reader.ignored()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, -1, 0",
        "0, 0, 0",
        "0, 0, 1s",
        "500, -1, 1s",
        "500, '', 1s",
        "500, many, 1s",
        "500, '1,00', 1s",
        "500, 1.5, 1s",
        "500, 9999999999999, 1s",
        "0, 0, 1s",
        "-1, 0, 1s",
        "'', 0, 1s",
        "unlimited, 0, 1s",
        "5, 6, 1s"
    })
    void takesACountThatIsNoneForUnknownAndNeverForUsedUp(String limit, String remaining, String reset) {
        assertThat(read(limit, remaining, reset)).isNull();
        assertThat(reader.ignored()).isZero();
    }

    @Test
    void saysNothingIfAHeaderIsAbsent() {
        CallReport noRemaining = CallReport.EMPTY.header("limit", "5").header("reset", "1s");
        CallReport noReset = CallReport.EMPTY.header("limit", "5").header("remaining", "0");

        assertThat(read(CallReport.EMPTY)).isNull();
        assertThat(read(noRemaining)).isNull();
        assertThat(read(noReset)).isNull();
        assertThat(reader.ignored()).isZero();
    }

    @Test
    void doesWithoutTheLimit() {
        CallReport noLimit = CallReport.EMPTY.header("remaining", "3").header("reset", "1s");

        assertThat(read(noLimit)).isEqualTo(new RateLimit(RateLimit.UNKNOWN, 3, NANOS, NANOS + 1_000_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-5s",
                "-1",
                "172801",
                "49h",
                "1e9",
                "2020-03-01T00:00:00Z",
                "2026-03-03T12:00:01Z",
                "9999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z"
            })
    void ignoresAndCountsAResetThatNobodyCanHaveMeant(String reset) {
        assertThat(read("500", "0", reset)).isNull();
        assertThat(reader.ignored()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "2026-03-01T12:00:00Z", "2026-03-01T11:59:50Z"})
    void doesNotBlameAResetThatCameWhileTheCallRan(String reset) {
        assertThat(read("500", "400", reset)).isEqualTo(new RateLimit(500, 400, NANOS, NANOS));
        assertThat(reader.ignored()).isZero();
    }

    private @Nullable RateLimit read(String limit, String remaining, String reset) {
        return read(CallReport.EMPTY
                .header("Limit", limit)
                .header("Remaining", remaining)
                .header("Reset", reset));
    }

    private @Nullable RateLimit read(CallReport report) {
        return reader.read(report, HEADERS, Duration.ofSeconds(10), NANOS, NOW);
    }
}
