package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** A setting that can be learned. Its value is a number: a count, a share, or seconds. */
public enum Parameter {
    FAILURE_THRESHOLD(
            "failure-threshold",
            BreakerSettings::failureThreshold,
            (settings, value) -> settings.toBuilder()
                    .failureThreshold((int) Math.round(value))
                    .build()),
    ERROR_RATE_THRESHOLD(
            "error-rate-threshold",
            BreakerSettings::errorRateThreshold,
            (settings, value) -> settings.toBuilder().errorRateThreshold(value).build()),
    RECOVERY_TIMEOUT(
            "recovery-timeout",
            settings -> seconds(settings.recoveryTimeout()),
            (settings, value) ->
                    settings.toBuilder().recoveryTimeout(duration(value)).build()),
    SLOW_CALL_DURATION(
            "slow-call-duration-threshold",
            settings -> seconds(settings.slowCallDuration()),
            (settings, value) ->
                    settings.toBuilder().slowCallDuration(duration(value)).build()),
    WINDOW(
            "window",
            settings -> seconds(settings.window()),
            (settings, value) -> settings.toBuilder().window(duration(value)).build());

    private final String key;
    private final ToDoubleFunction<BreakerSettings> reader;
    private final BiFunction<BreakerSettings, Double, BreakerSettings> writer;

    Parameter(
            String key,
            ToDoubleFunction<BreakerSettings> reader,
            BiFunction<BreakerSettings, Double, BreakerSettings> writer) {
        this.key = key;
        this.reader = reader;
        this.writer = writer;
    }

    /** As it is written in the configuration of a service. */
    public String key() {
        return key;
    }

    public double of(BreakerSettings settings) {
        return reader.applyAsDouble(settings);
    }

    /** These settings with another value; what they say of opening and probing early stays. */
    public BreakerSettings with(BreakerSettings settings, double value) {
        return writer.apply(settings, value).toBuilder()
                .early(settings.earlyOpening(), settings.earlyProbing())
                .build();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1e3));
    }
}
