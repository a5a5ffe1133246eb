package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BreakerSettingsTest {

    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration YEAR = Duration.ofDays(365);

    @Test
    void hasTheDocumentedDefaults() {
        BreakerSettings settings = BreakerSettings.defaults();

        assertThat(settings)
                .isEqualTo(new BreakerSettings(
                        5,
                        0.5,
                        0.8,
                        10,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        2.0,
                        Duration.ofMinutes(10),
                        0.1,
                        3,
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        true,
                        true));
    }

    @Test
    void overridesNothingWithNull() {
        BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                .failureThreshold(null)
                .errorRateThreshold(null)
                .slowCallRateThreshold(null)
                .minimumCalls(null)
                .window(null)
                .slowCallDuration(null)
                .timeoutThreshold(null)
                .recoveryTimeout(null)
                .recoveryBackoffMultiplier(null)
                .maxRecoveryTimeout(null)
                .recoveryJitter(null)
                .halfOpenMaxRequests(null)
                .probeTimeout(null)
                .recoveryRamp(null)
                .build();

        assertThat(settings).isEqualTo(BreakerSettings.defaults());
    }

    @Test
    void lendsProbesTheTimeoutOfCallsUnlessTheyHaveTheirOwn() {
        BreakerSettingsBuilder builder = BreakerSettings.defaults().toBuilder().timeoutThreshold(Duration.ofSeconds(7));

        assertThat(builder.build().probeTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(builder.probeTimeout(NANO).build().toBuilder()
                        .timeoutThreshold(YEAR)
                        .build()
                        .probeTimeout())
                .isEqualTo(NANO);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("allowed")
    void allows(String setting, Object value, UnaryOperator<BreakerSettingsBuilder> change) {
        BreakerSettings settings =
                change.apply(BreakerSettings.defaults().toBuilder()).build();

        assertThat(settings.toString()).contains(value.toString());
    }

    static Stream<Arguments> allowed() {
        return Stream.of(
                setting("failure-threshold", 1, b -> b.failureThreshold(1)),
                setting("failure-threshold", 65_535, b -> b.failureThreshold(65_535)),
                setting("error-rate-threshold", 1.0, b -> b.errorRateThreshold(1.0)),
                setting("error-rate-threshold", Double.MIN_VALUE, b -> b.errorRateThreshold(Double.MIN_VALUE)),
                setting("slow-call-rate-threshold", 1.0, b -> b.slowCallRateThreshold(1.0)),
                setting("minimum-calls", 1, b -> b.minimumCalls(1)),
                setting("window", Duration.ofSeconds(1), b -> b.window(Duration.ofSeconds(1))),
                setting("window", Duration.ofHours(1), b -> b.window(Duration.ofHours(1))),
                setting("slow-call-duration-threshold", NANO, b -> b.slowCallDuration(NANO)),
                setting("timeout-threshold", YEAR, b -> b.timeoutThreshold(YEAR)),
                setting("recovery-timeout", NANO, b -> b.recoveryTimeout(NANO)),
                setting("recovery-backoff-multiplier", 1.0, b -> b.recoveryBackoffMultiplier(1.0)),
                setting("recovery-backoff-multiplier", 100.0, b -> b.recoveryBackoffMultiplier(100.0)),
                setting("max-recovery-timeout", "PT1M", b -> b.maxRecoveryTimeout(Duration.ofSeconds(60))),
                setting("recovery-jitter", 0.0, b -> b.recoveryJitter(0.0)),
                setting("recovery-jitter", 1.0, b -> b.recoveryJitter(1.0)),
                setting("half-open-max-requests", 1, b -> b.halfOpenMaxRequests(1)),
                setting("half-open-max-requests", 1000, b -> b.halfOpenMaxRequests(1000)),
                setting("probe-timeout", NANO, b -> b.probeTimeout(NANO)),
                setting("recovery-ramp", YEAR, b -> b.recoveryRamp(YEAR)));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("refused")
    void refuses(String setting, Object value, UnaryOperator<BreakerSettingsBuilder> change) {
        BreakerSettingsBuilder builder = change.apply(BreakerSettings.defaults().toBuilder());

        assertThatThrownBy(builder::build).isInstanceOfSatisfying(InvalidSettingException.class, e -> {
            assertThat(e.setting()).isEqualTo(setting);
            assertThat(e.value()).isEqualTo(value.toString());
            assertThat(e).hasMessage(setting + " is " + value + ", allowed is " + e.range());
        });
    }

    static Stream<Arguments> refused() {
        Duration moreThanAYear = YEAR.plusNanos(1);
        return Stream.of(
                setting("failure-threshold", 0, b -> b.failureThreshold(0)),
                setting("failure-threshold", 65_536, b -> b.failureThreshold(65_536)),
                setting("error-rate-threshold", 0.0, b -> b.errorRateThreshold(0.0)),
                setting("error-rate-threshold", 50.0, b -> b.errorRateThreshold(50.0)),
                setting("error-rate-threshold", Double.NaN, b -> b.errorRateThreshold(Double.NaN)),
                setting("slow-call-rate-threshold", -0.1, b -> b.slowCallRateThreshold(-0.1)),
                setting("slow-call-rate-threshold", 1.1, b -> b.slowCallRateThreshold(1.1)),
                setting("minimum-calls", 0, b -> b.minimumCalls(0)),
                setting(
                        "window",
                        "PT0.999999999S",
                        b -> b.window(Duration.ofSeconds(1).minusNanos(1))),
                setting(
                        "window",
                        "PT1H0.000000001S",
                        b -> b.window(Duration.ofHours(1).plusNanos(1))),
                setting("slow-call-duration-threshold", Duration.ZERO, b -> b.slowCallDuration(Duration.ZERO)),
                setting("slow-call-duration-threshold", moreThanAYear, b -> b.slowCallDuration(moreThanAYear)),
                setting("timeout-threshold", Duration.ZERO, b -> b.timeoutThreshold(Duration.ZERO)),
                setting("timeout-threshold", moreThanAYear, b -> b.timeoutThreshold(moreThanAYear)),
                setting("recovery-timeout", Duration.ZERO, b -> b.recoveryTimeout(Duration.ZERO)),
                setting("recovery-timeout", moreThanAYear, b -> b.recoveryTimeout(moreThanAYear)),
                setting("recovery-backoff-multiplier", 0.99, b -> b.recoveryBackoffMultiplier(0.99)),
                setting("recovery-backoff-multiplier", 100.1, b -> b.recoveryBackoffMultiplier(100.1)),
                setting("recovery-backoff-multiplier", Double.NaN, b -> b.recoveryBackoffMultiplier(Double.NaN)),
                setting("max-recovery-timeout", moreThanAYear, b -> b.maxRecoveryTimeout(moreThanAYear)),
                setting("max-recovery-timeout", "PT59S", b -> b.maxRecoveryTimeout(Duration.ofSeconds(59))),
                setting("recovery-jitter", -0.1, b -> b.recoveryJitter(-0.1)),
                setting("recovery-jitter", 1.1, b -> b.recoveryJitter(1.1)),
                setting("half-open-max-requests", 0, b -> b.halfOpenMaxRequests(0)),
                setting("half-open-max-requests", 1001, b -> b.halfOpenMaxRequests(1001)),
                setting("probe-timeout", Duration.ZERO, b -> b.probeTimeout(Duration.ZERO)),
                setting("probe-timeout", moreThanAYear, b -> b.probeTimeout(moreThanAYear)),
                setting("recovery-ramp", NANO.negated(), b -> b.recoveryRamp(NANO.negated())),
                setting("recovery-ramp", moreThanAYear, b -> b.recoveryRamp(moreThanAYear)));
    }

    private static Arguments setting(String name, Object value, UnaryOperator<BreakerSettingsBuilder> change) {
        return Arguments.of(name, value, change);
    }
}
