package io.servicebreaker.breaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Puts settings together layer by layer: a value that is {@code null} overrides nothing. What is set is meant as it is
 * written, so setting a threshold ends {@link BreakerSettings#earlyOpening()}, and setting how recovery goes ends
 * {@link BreakerSettings#earlyProbing()}. Not safe for use by many threads.
 */
public final class BreakerSettingsBuilder {

    private int failureThreshold = 5;
    private double errorRateThreshold = 0.5;
    private double slowCallRateThreshold = 0.8;
    private int minimumCalls = 10;
    private Duration window = Duration.ofSeconds(60);
    private Duration slowCallDuration = Duration.ofSeconds(15);
    private Duration timeoutThreshold = Duration.ofSeconds(30);
    private Duration recoveryTimeout = Duration.ofSeconds(60);
    private double recoveryBackoffMultiplier = 2.0;
    private Duration maxRecoveryTimeout = Duration.ofMinutes(10);
    private double recoveryJitter = 0.1;
    private int halfOpenMaxRequests = 3;
    /** Follows the timeout threshold unless it is given. */
    private @Nullable Duration probeTimeout;

    private Duration recoveryRamp = Duration.ZERO;
    private boolean earlyOpening = true;
    private boolean earlyProbing = true;

    BreakerSettingsBuilder() {}

    BreakerSettingsBuilder(BreakerSettings from) {
        failureThreshold = from.failureThreshold();
        errorRateThreshold = from.errorRateThreshold();
        slowCallRateThreshold = from.slowCallRateThreshold();
        minimumCalls = from.minimumCalls();
        window = from.window();
        slowCallDuration = from.slowCallDuration();
        timeoutThreshold = from.timeoutThreshold();
        recoveryTimeout = from.recoveryTimeout();
        recoveryBackoffMultiplier = from.recoveryBackoffMultiplier();
        maxRecoveryTimeout = from.maxRecoveryTimeout();
        recoveryJitter = from.recoveryJitter();
        halfOpenMaxRequests = from.halfOpenMaxRequests();
        probeTimeout = from.probeTimeout().equals(from.timeoutThreshold()) ? null : from.probeTimeout();
        recoveryRamp = from.recoveryRamp();
        earlyOpening = from.earlyOpening();
        earlyProbing = from.earlyProbing();
    }

    /** Sets {@link BreakerSettings#failureThreshold()}. */
    public BreakerSettingsBuilder failureThreshold(@Nullable Integer value) {
        earlyOpening &= value == null;
        failureThreshold = value == null ? failureThreshold : value;
        return this;
    }

    /** Sets {@link BreakerSettings#errorRateThreshold()}. */
    public BreakerSettingsBuilder errorRateThreshold(@Nullable Double value) {
        earlyOpening &= value == null;
        errorRateThreshold = value == null ? errorRateThreshold : value;
        return this;
    }

    /** Sets {@link BreakerSettings#slowCallRateThreshold()}. */
    public BreakerSettingsBuilder slowCallRateThreshold(@Nullable Double value) {
        earlyOpening &= value == null;
        slowCallRateThreshold = value == null ? slowCallRateThreshold : value;
        return this;
    }

    /** Sets {@link BreakerSettings#minimumCalls()}. */
    public BreakerSettingsBuilder minimumCalls(@Nullable Integer value) {
        earlyOpening &= value == null;
        minimumCalls = value == null ? minimumCalls : value;
        return this;
    }

    /** Sets {@link BreakerSettings#window()}. */
    public BreakerSettingsBuilder window(@Nullable Duration value) {
        earlyOpening &= value == null;
        window = value == null ? window : value;
        return this;
    }

    /** Sets {@link BreakerSettings#slowCallDuration()}. */
    public BreakerSettingsBuilder slowCallDuration(@Nullable Duration value) {
        slowCallDuration = value == null ? slowCallDuration : value;
        return this;
    }

    /** Sets {@link BreakerSettings#timeoutThreshold()}. */
    public BreakerSettingsBuilder timeoutThreshold(@Nullable Duration value) {
        timeoutThreshold = value == null ? timeoutThreshold : value;
        return this;
    }

    /** Sets {@link BreakerSettings#recoveryTimeout()}. */
    public BreakerSettingsBuilder recoveryTimeout(@Nullable Duration value) {
        earlyProbing &= value == null;
        recoveryTimeout = value == null ? recoveryTimeout : value;
        return this;
    }

    /** Sets {@link BreakerSettings#recoveryBackoffMultiplier()}. */
    public BreakerSettingsBuilder recoveryBackoffMultiplier(@Nullable Double value) {
        earlyProbing &= value == null;
        recoveryBackoffMultiplier = value == null ? recoveryBackoffMultiplier : value;
        return this;
    }

    /** Sets {@link BreakerSettings#maxRecoveryTimeout()}. */
    public BreakerSettingsBuilder maxRecoveryTimeout(@Nullable Duration value) {
        earlyProbing &= value == null;
        maxRecoveryTimeout = value == null ? maxRecoveryTimeout : value;
        return this;
    }

    /** Sets {@link BreakerSettings#recoveryJitter()}. */
    public BreakerSettingsBuilder recoveryJitter(@Nullable Double value) {
        recoveryJitter = value == null ? recoveryJitter : value;
        return this;
    }

    /** Sets {@link BreakerSettings#halfOpenMaxRequests()}. */
    public BreakerSettingsBuilder halfOpenMaxRequests(@Nullable Integer value) {
        earlyProbing &= value == null;
        halfOpenMaxRequests = value == null ? halfOpenMaxRequests : value;
        return this;
    }

    /** Sets {@link BreakerSettings#probeTimeout()}. */
    public BreakerSettingsBuilder probeTimeout(@Nullable Duration value) {
        probeTimeout = value == null ? probeTimeout : value;
        return this;
    }

    /** Sets {@link BreakerSettings#recoveryRamp()}. */
    public BreakerSettingsBuilder recoveryRamp(@Nullable Duration value) {
        recoveryRamp = value == null ? recoveryRamp : value;
        return this;
    }

    /** Sets {@link BreakerSettings#earlyOpening()} and {@link BreakerSettings#earlyProbing()}. */
    public BreakerSettingsBuilder early(boolean opening, boolean probing) {
        earlyOpening = opening;
        earlyProbing = probing;
        return this;
    }

    /**
     * The settings.
     *
     * @throws InvalidSettingException if a value is out of its range
     */
    public BreakerSettings build() {
        return new BreakerSettings(
                failureThreshold,
                errorRateThreshold,
                slowCallRateThreshold,
                minimumCalls,
                window,
                slowCallDuration,
                timeoutThreshold,
                recoveryTimeout,
                recoveryBackoffMultiplier,
                maxRecoveryTimeout,
                recoveryJitter,
                halfOpenMaxRequests,
                probeTimeout == null ? timeoutThreshold : probeTimeout,
                recoveryRamp,
                earlyOpening,
                earlyProbing);
    }
}
