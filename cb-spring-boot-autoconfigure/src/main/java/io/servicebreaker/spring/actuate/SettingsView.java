package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.spring.ConfiguredService;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings under the names of the configuration.
 *
 * @param stream absent where streams are waited for without end
 */
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
        int approachingLimitFloor,
        int maxConcurrentCalls,
        @Nullable StreamView stream) {

    static SettingsView of(BreakerSettings settings, ConfiguredService service) {
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
                service.limits().approachingLimitFloor(),
                service.maxConcurrentCalls(),
                StreamView.of(service.streams()));
    }

    /** How long streamed answers are waited for; what is absent, without end. */
    record StreamView(
            @Nullable Duration firstTokenTimeout, @Nullable Duration stallTimeout) {

        static @Nullable StreamView of(StreamSettings settings) {
            return settings.isLimited() ? new StreamView(settings.firstTokenTimeout(), settings.stallTimeout()) : null;
        }
    }
}
