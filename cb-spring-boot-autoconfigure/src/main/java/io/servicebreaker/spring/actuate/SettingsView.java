package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;

/** Settings under the names of the configuration. */
record SettingsView(
        int failureThreshold,
        double errorRateThreshold,
        double slowCallRateThreshold,
        Duration slowCallDurationThreshold,
        int minimumCalls,
        Duration window,
        Duration timeoutThreshold,
        Duration recoveryTimeout,
        double recoveryBackoffMultiplier,
        Duration maxRecoveryTimeout,
        double recoveryJitter,
        int halfOpenMaxRequests,
        Duration probeTimeout,
        Duration recoveryRamp,
        int maxConcurrentCalls) {

    static SettingsView of(BreakerSettings settings, int maxConcurrentCalls) {
        return new SettingsView(
                settings.failureThreshold(),
                settings.errorRateThreshold(),
                settings.slowCallRateThreshold(),
                settings.slowCallDuration(),
                settings.minimumCalls(),
                settings.window(),
                settings.timeoutThreshold(),
                settings.recoveryTimeout(),
                settings.recoveryBackoffMultiplier(),
                settings.maxRecoveryTimeout(),
                settings.recoveryJitter(),
                settings.halfOpenMaxRequests(),
                settings.probeTimeout(),
                settings.recoveryRamp(),
                maxConcurrentCalls);
    }
}
