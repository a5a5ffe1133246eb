package io.servicebreaker.breaker;

import java.time.Duration;

/**
 * When a breaker opens and how it recovers. Immutable.
 *
 * @param failureThreshold failures in a row that open it, 1 to 65535
 * @param errorRateThreshold share of failed calls in the window that opens it, above 0 and at most 1
 * @param slowCallRateThreshold share of slow calls in the window that opens it, above 0 and at most 1
 * @param minimumCalls calls in the window below which no share is judged, at least 1
 * @param window how long results are remembered, 1 s to 1 h
 * @param slowCallDuration a longer call is slow, above 0
 * @param timeoutThreshold a longer call counts as timed out, above 0
 * @param recoveryTimeout how long it stays open the first time, above 0
 * @param recoveryBackoffMultiplier growth of the open time with each failed recovery, at least 1
 * @param maxRecoveryTimeout bound on the grown open time, at least {@code recoveryTimeout}
 * @param recoveryJitter largest share of the open time that is cut off at random, so that instances do not probe in
 *     step, 0 to 1
 * @param halfOpenMaxRequests probes at a time, and probes that must succeed to close, 1 to 1000
 * @param probeTimeout time after which an unanswered probe no longer holds its place, above 0
 * @param recoveryRamp time after closing over which the admitted share of calls grows to all, 0 for none
 * @param earlyOpening whether it may open before a threshold is reached, where calls are likely enough to fail
 * @param earlyProbing whether it may probe before the open time is over, and close after fewer probes, where calls are
 *     likely enough to succeed
 */
public record BreakerSettings(
        int failureThreshold,
        double errorRateThreshold,
        double slowCallRateThreshold,
        int minimumCalls,
        Duration window,
        Duration slowCallDuration,
        Duration timeoutThreshold,
        Duration recoveryTimeout,
        double recoveryBackoffMultiplier,
        Duration maxRecoveryTimeout,
        double recoveryJitter,
        int halfOpenMaxRequests,
        Duration probeTimeout,
        Duration recoveryRamp,
        boolean earlyOpening,
        boolean earlyProbing) {

    private static final Duration LONGEST = Duration.ofDays(365);

    public BreakerSettings {
        require(
                failureThreshold >= 1 && failureThreshold <= ClosedStay.LONGEST_ROW,
                "failure-threshold",
                failureThreshold,
                "1 to " + ClosedStay.LONGEST_ROW);
        requireShare(errorRateThreshold, "error-rate-threshold");
        requireShare(slowCallRateThreshold, "slow-call-rate-threshold");
        require(minimumCalls >= 1, "minimum-calls", minimumCalls, "at least 1");
        requireBetween(Duration.ofSeconds(1), window, Duration.ofHours(1), "window");
        requirePositive(slowCallDuration, "slow-call-duration-threshold");
        requirePositive(timeoutThreshold, "timeout-threshold");
        requirePositive(recoveryTimeout, "recovery-timeout");
        require(
                recoveryBackoffMultiplier >= 1 && recoveryBackoffMultiplier <= 100,
                "recovery-backoff-multiplier",
                recoveryBackoffMultiplier,
                "1 to 100");
        requirePositive(maxRecoveryTimeout, "max-recovery-timeout");
        require(
                maxRecoveryTimeout.compareTo(recoveryTimeout) >= 0,
                "max-recovery-timeout",
                maxRecoveryTimeout,
                "at least recovery-timeout, which is " + recoveryTimeout);
        require(recoveryJitter >= 0 && recoveryJitter <= 1, "recovery-jitter", recoveryJitter, "0 to 1");
        require(
                halfOpenMaxRequests >= 1 && halfOpenMaxRequests <= 1000,
                "half-open-max-requests",
                halfOpenMaxRequests,
                "1 to 1000");
        requirePositive(probeTimeout, "probe-timeout");
        requireBetween(Duration.ZERO, recoveryRamp, LONGEST, "recovery-ramp");
    }

    /** What holds where neither the configuration nor the provider's profile says otherwise. */
    public static BreakerSettings defaults() {
        return new BreakerSettingsBuilder().build();
    }

    /** A builder that starts from these settings. */
    public BreakerSettingsBuilder toBuilder() {
        return new BreakerSettingsBuilder(this);
    }

    /**
     * The settings of one backend, instance, model or credential of a service with these: half the evidence is enough, so
     * that it is closed off before it takes its siblings with it. A model or credential at a backend has those of the
     * backend. Thresholds alone decide about it.
     */
    public BreakerSettings narrowed() {
        return toBuilder()
                .failureThreshold(failureThreshold - failureThreshold / 2)
                .minimumCalls(minimumCalls - minimumCalls / 2)
                .early(false, false)
                .build();
    }

    private static void requireShare(double value, String name) {
        require(value > 0 && value <= 1, name, value, "above 0 and at most 1");
    }

    private static void requirePositive(Duration value, String name) {
        requireBetween(Duration.ofNanos(1), value, LONGEST, name);
    }

    private static void requireBetween(Duration least, Duration value, Duration most, String name) {
        boolean inRange = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        require(inRange, name, value, least + " to " + most);
    }

    private static void require(boolean valid, String name, Object value, String range) {
        if (!valid) {
            throw new InvalidSettingException(name, value, range);
        }
    }
}
