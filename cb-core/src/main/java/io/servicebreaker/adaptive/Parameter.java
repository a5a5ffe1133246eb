package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import java.time.Duration;

/** A setting that can be learned. Its value is a number: a count, a share, or seconds. */
public enum Parameter {
    FAILURE_THRESHOLD("failure-threshold"),
    ERROR_RATE_THRESHOLD("error-rate-threshold"),
    RECOVERY_TIMEOUT("recovery-timeout"),
    SLOW_CALL_DURATION("slow-call-duration-threshold"),
    WINDOW("window");

    private static final double NANOS = 1e9;

    private final String key;

    Parameter(String key) {
        this.key = key;
    }

    /** As it is written in the configuration of a service. */
    public String key() {
        return key;
    }

    public double of(BreakerSettings settings) {
        return switch (this) {
            case FAILURE_THRESHOLD -> settings.failureThreshold();
            case ERROR_RATE_THRESHOLD -> settings.errorRateThreshold();
            case RECOVERY_TIMEOUT -> settings.recoveryTimeout().toNanos() / NANOS;
            case SLOW_CALL_DURATION -> settings.slowCallDuration().toNanos() / NANOS;
            case WINDOW -> settings.window().toNanos() / NANOS;
        };
    }

    /**
     * These settings with another value; what they say of opening and probing early stays.
     *
     * @throws io.servicebreaker.breaker.InvalidSettingException if the value is out of range
     */
    public BreakerSettings with(BreakerSettings settings, double value) {
        BreakerSettingsBuilder builder = settings.toBuilder();
        switch (this) {
            case FAILURE_THRESHOLD -> builder.failureThreshold((int) Math.round(value));
            case ERROR_RATE_THRESHOLD -> builder.errorRateThreshold(value);
            case RECOVERY_TIMEOUT -> builder.recoveryTimeout(duration(value));
            case SLOW_CALL_DURATION -> builder.slowCallDuration(duration(value));
            case WINDOW -> builder.window(duration(value));
        }
        return builder.early(settings.earlyOpening(), settings.earlyProbing()).build();
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
