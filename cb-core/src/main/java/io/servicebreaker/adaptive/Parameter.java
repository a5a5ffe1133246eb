package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;

/** A setting that can be learned. Its value is a number: a count, a share, or seconds. */
public enum Parameter {
    FAILURE_THRESHOLD("failure-threshold"),
    ERROR_RATE_THRESHOLD("error-rate-threshold"),
    RECOVERY_TIMEOUT("recovery-timeout"),
    SLOW_CALL_DURATION("slow-call-duration-threshold"),
    WINDOW("window");

    private static final double NANOS = 1e9;
    private static final MathContext DIGITS = new MathContext(4);
    private static final List<String> UNITS = List.of("ns", "us", "ms", "s");
    private static final int PER_UNIT = 1000;

    /** As {@link BreakerSettings#failureThreshold()} says. */
    private static final int MOST_FAILURES = 65_535;

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

    /** A value of it as it is written in the configuration. */
    public String written(double value) {
        return switch (this) {
            case FAILURE_THRESHOLD -> Long.toString(Math.round(value));
            case ERROR_RATE_THRESHOLD -> decimal(value);
            case RECOVERY_TIMEOUT, SLOW_CALL_DURATION, WINDOW -> inWholeUnits(Math.round(value * NANOS));
        };
    }

    private static String decimal(double value) {
        return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    private static String inWholeUnits(long nanos) {
        long value = nanos;
        int unit = 0;
        while (unit < UNITS.size() - 1 && value % PER_UNIT == 0) {
            value /= PER_UNIT;
            unit++;
        }
        return value + UNITS.get(unit);
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

    /**
     * The allowed value that is nearest to another one: within the legal range of the setting, and no further from a baseline
     * than a share of what that has.
     *
     * @param baseline settings that are never left far behind
     * @param maxAdjustment the share, above 0 and below 1
     */
    double bounded(BreakerSettings baseline, double value, double maxAdjustment) {
        double from = of(baseline);
        double least = Math.min(from, Math.max(least(), up(from * (1 - maxAdjustment))));
        double most = Math.max(from, Math.min(most(baseline), down(from * (1 + maxAdjustment))));
        return Math.max(least, Math.min(most, nearest(value)));
    }

    /** Whether it may have this value, at most rounded, where the others are as in these settings. */
    boolean allows(BreakerSettings others, double value) {
        return value >= least() && value <= Math.max(of(others), most(others));
    }

    /** Whether what is learned decides besides it, which it no longer does once the value is set by hand. */
    boolean isOneOfTwo(BreakerSettings settings) {
        return switch (this) {
            case FAILURE_THRESHOLD, ERROR_RATE_THRESHOLD, WINDOW -> settings.earlyOpening();
            case RECOVERY_TIMEOUT -> settings.earlyProbing();
            case SLOW_CALL_DURATION -> false;
        };
    }

    private double least() {
        return switch (this) {
            case FAILURE_THRESHOLD, WINDOW -> 1;
            case ERROR_RATE_THRESHOLD -> Double.MIN_VALUE;
            case RECOVERY_TIMEOUT, SLOW_CALL_DURATION -> 1 / NANOS;
        };
    }

    /** A call that is slow only when it has timed out is never slow. */
    private double most(BreakerSettings baseline) {
        return switch (this) {
            case FAILURE_THRESHOLD -> MOST_FAILURES;
            case ERROR_RATE_THRESHOLD -> 1;
            case RECOVERY_TIMEOUT -> baseline.maxRecoveryTimeout().toNanos() / NANOS;
            case SLOW_CALL_DURATION -> (baseline.timeoutThreshold().toNanos() - 1) / NANOS;
            case WINDOW -> Duration.ofHours(1).toSeconds();
        };
    }

    /** Failures are whole ones, and times whole nanoseconds: nothing is rounded later, and out of its bounds. */
    private double unit() {
        return switch (this) {
            case FAILURE_THRESHOLD -> 1;
            case ERROR_RATE_THRESHOLD -> 0;
            case RECOVERY_TIMEOUT, SLOW_CALL_DURATION, WINDOW -> NANOS;
        };
    }

    private double up(double value) {
        return unit() == 0 ? value : Math.ceil(value * unit()) / unit();
    }

    private double down(double value) {
        return unit() == 0 ? value : Math.floor(value * unit()) / unit();
    }

    private double nearest(double value) {
        return unit() == 0 ? value : Math.rint(value * unit()) / unit();
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
