package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.ScopedBreakers;
import io.servicebreaker.coordination.HealthScore;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ProviderKnowledge;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A breaker as the endpoint shows it. The first ten fields are those of Resilience4j's endpoint, for the tools that
 * read it.
 *
 * @param failureRate in percent, {@code -1.0%} below the minimum number of calls
 * @param slowCallRate likewise
 * @param reason why it is in its state, for people
 * @param healthScore see {@link HealthScore}
 * @param signals what else tells how well the service does
 * @param models the models that were called; with backends, their tokens only
 * @param credentials the credentials that calls named; none with backends, each of which has its own
 * @param backends its deployments, absent if it has no several
 * @param quota what is left of the provider's rate limits, absent while nothing is known; with backends, each has its own
 * @param cost what it costs, absent if its calls are not priced
 * @param baseline the configured thresholds
 * @param effective the thresholds in force
 * @param why the explanation, where a single breaker is asked for
 */
record BreakerView(
        BreakerState state,
        String failureRate,
        String slowCallRate,
        String failureRateThreshold,
        String slowCallRateThreshold,
        long bufferedCalls,
        long failedCalls,
        long slowCalls,
        long slowFailedCalls,
        long notPermittedCalls,
        String service,
        String provider,
        Instant since,
        String reason,
        @Nullable Duration retryAfter,
        double healthScore,
        List<SignalView> signals,
        Map<String, ScopeView> models,
        Map<String, ScopeView> credentials,
        @Nullable Map<String, BackendView> backends,
        @Nullable List<QuotaView> quota,
        @Nullable CostView cost,
        SettingsView baseline,
        SettingsView effective,
        @Nullable WhyView why)
        implements OperationResponseBody {

    static BreakerView of(
            BreakerSnapshot breaker,
            HealthSignals signals,
            ScopedBreakers scopes,
            ConfiguredService service,
            ProviderKnowledge knowledge,
            List<BackendSnapshot> backends,
            @Nullable CostView cost,
            Instant now,
            @Nullable WhyView why) {
        return new BreakerView(
                breaker.state(),
                percent(breaker.errorRate()),
                percent(breaker.slowCallRate()),
                percent(Optional.of(breaker.settings().errorRateThreshold())),
                percent(Optional.of(breaker.settings().slowCallRateThreshold())),
                breaker.calls(),
                breaker.failedCalls(),
                breaker.slowCalls(),
                breaker.slowFailedCalls(),
                breaker.notPermittedCalls(),
                breaker.service(),
                service.provider().id(),
                breaker.since(),
                breaker.reason().sentence(),
                breaker.retryAfter(),
                rounded(HealthScore.of(breaker) * signals.health()),
                SignalView.of(signals),
                ScopeView.of(scopes.models(), knowledge.tokens(breaker.service())),
                ScopeView.of(scopes.credentials()),
                backends.isEmpty() ? null : BackendView.of(backends, breaker.service(), knowledge, now),
                QuotaView.of(knowledge.limits(breaker.service()), now),
                cost,
                SettingsView.of(service.settings(), service),
                SettingsView.of(breaker.settings(), service),
                why);
    }

    private static String percent(Optional<Double> share) {
        return share.map(value -> String.format(Locale.ROOT, "%.1f%%", value * 100))
                .orElse("-1.0%");
    }

    static double rounded(double score) {
        return Math.round(score * 1000) / 1000.0;
    }
}
