package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Expectation;
import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.ConfiguredService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why a breaker is in its state.
 *
 * @param explanation the rule with its numbers
 * @param causes failures by cause that decided, or that may decide
 * @param decidedBy the provider's header or the setting that said how long to wait, if one did
 * @param nextProbeAt when the next call is let through as a probe, if calls are refused now
 * @param unenforcedRefusals calls let through since the start, while observed, that would have been refused
 * @param lateResults results since the start that came too late to decide anything
 * @param expectation what is expected of calls now, absent where nothing is learned
 * @param baseline the configured thresholds
 * @param overlays what lies over them
 * @param effective the thresholds in force
 * @param notAdjustedUntil how long an operator wants them left alone
 */
record WhyView(
        Instant since,
        Rule rule,
        String explanation,
        Map<FailureCause, Integer> causes,
        @Nullable String decidedBy,
        @Nullable Instant nextProbeAt,
        @Nullable Instant expiresAt,
        @Nullable BreakerState observed,
        int failuresInARow,
        int failedRecoveries,
        int probesUnderWay,
        long timedOutCalls,
        long unenforcedRefusals,
        long lateResults,
        @Nullable Expectation expectation,
        SettingsView baseline,
        List<OverlayView> overlays,
        SettingsView effective,
        @Nullable Instant notAdjustedUntil) {

    static WhyView of(
            Breaker judging,
            BreakerSnapshot breaker,
            ConfiguredService service,
            ThresholdAdjuster adjuster,
            Instant now) {
        Duration wait = breaker.state() == BreakerState.OPEN ? breaker.retryAfter() : null;
        return new WhyView(
                breaker.since(),
                breaker.reason().rule(),
                breaker.reason().sentence(),
                new TreeMap<>(breaker.causes()),
                breaker.reason().decidedBy(),
                wait == null ? null : now.plus(wait),
                breaker.expiresAt(),
                breaker.observed(),
                breaker.failuresInARow(),
                breaker.failedRecoveries(),
                breaker.probesUnderWay(),
                breaker.timedOutCalls(),
                breaker.unenforcedRefusals(),
                breaker.lateResults(),
                judging.expectation().map(Expectation::rounded).orElse(null),
                SettingsView.of(service.settings(), service),
                OverlayView.of(service.name(), adjuster),
                SettingsView.of(breaker.settings(), service),
                adjuster.restsUntil(service.name()).orElse(null));
    }
}
