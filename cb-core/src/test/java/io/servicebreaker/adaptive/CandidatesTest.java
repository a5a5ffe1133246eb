package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private final Candidates usual = new Candidates(BreakerSettings.defaults(), 0.3);

    @Test
    void areTheUsualValuesAndAThirdMoreOrLess() {
        assertThat(usual.of(Parameter.FAILURE_THRESHOLD)).containsExactly(4, 5, 6);
        assertThat(usual.of(Parameter.ERROR_RATE_THRESHOLD)).containsExactly(0.35, 0.42, 0.5, 0.57, 0.65);
        assertThat(usual.of(Parameter.RECOVERY_TIMEOUT)).containsExactly(42, 51, 60, 69, 78);
        assertThat(usual.of(Parameter.WINDOW)).containsExactly(42, 51, 60, 69, 78);
    }

    @Test
    void areSlowCallDurationsThatTheHistoryCanTellApart() {
        Set<Integer> buckets = Arrays.stream(usual.of(Parameter.SLOW_CALL_DURATION))
                .mapToObj(seconds -> Latencies.bucket(Math.round(seconds * 1e9)))
                .collect(Collectors.toSet());

        assertThat(buckets)
                .hasSameSizeAs(usual.of(Parameter.SLOW_CALL_DURATION))
                .hasSize(4);
    }

    @Test
    void areWrittenAsInTheConfiguration() {
        assertThat(Parameter.FAILURE_THRESHOLD.written(5)).isEqualTo("5");
        assertThat(Parameter.ERROR_RATE_THRESHOLD.written(0.5)).isEqualTo("0.5");
        assertThat(Parameter.RECOVERY_TIMEOUT.written(60)).isEqualTo("60s");
        assertThat(Parameter.RECOVERY_TIMEOUT.written(100)).isEqualTo("100s");
        assertThat(Parameter.WINDOW.written(1.5)).isEqualTo("1500ms");
        assertThat(Parameter.SLOW_CALL_DURATION.written(0.000_001_5)).isEqualTo("1500ns");
    }

    @Property
    void areAlwaysLegalAndWithinBounds(
            @ForAll @IntRange(min = 1, max = 65_535) int failures,
            @ForAll @DoubleRange(min = 0, max = 1, minIncluded = false) double share,
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000_000L) long nanos,
            @ForAll @LongRange(min = 1_000_000_000L, max = 3_600_000_000_000L) long window,
            @ForAll @DoubleRange(min = 0, max = 1, minIncluded = false, maxIncluded = false) double most) {
        Duration time = Duration.ofNanos(nanos);
        BreakerSettings baseline = new BreakerSettingsFor(failures, share, time, Duration.ofNanos(window)).settings();
        Candidates candidates = new Candidates(baseline, most);

        for (Parameter parameter : Parameter.values()) {
            double configured = parameter.of(baseline);
            double[] values = candidates.of(parameter);
            assertThat(values).isSorted().hasSizeLessThanOrEqualTo(9).contains(configured);
            for (double value : values) {
                assertThat(Math.abs(value - configured)).isLessThanOrEqualTo(configured * most * (1 + 1e-9) + 1e-9);
                assertThat(parameter.of(parameter.with(baseline, value))).isPositive();
            }
        }
    }

    private record BreakerSettingsFor(int failures, double share, Duration time, Duration window) {
        BreakerSettings settings() {
            BreakerSettingsBuilder builder = BreakerSettings.defaults().toBuilder();
            return builder.failureThreshold(failures)
                    .errorRateThreshold(share)
                    .recoveryTimeout(time)
                    .maxRecoveryTimeout(time)
                    .slowCallDuration(time)
                    .window(window)
                    .build();
        }
    }
}
