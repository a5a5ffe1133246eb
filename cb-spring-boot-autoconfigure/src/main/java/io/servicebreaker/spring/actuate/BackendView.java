package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.coordination.HealthScore;
import io.servicebreaker.spring.ProviderKnowledge;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of a service's deployments as the endpoint shows it.
 *
 * @param reason why it is in its state, for people
 * @param retryAfter time until it is called again, if it is not now and that is known
 * @param healthScore see {@link HealthScore}
 * @param share of the service's calls that it should get, 0 to 1
 * @param latency mean of the last calls, if there were enough
 * @param usualLatency mean before those, while it was well, if enough is known
 * @param quotaLeft share of its rate limit that is left, if it has told lately
 * @param quota what is left of its rate limits, absent while nothing is known
 * @param models the models that were called there, absent if none were named
 * @param credentials the credentials that calls to it named, absent likewise
 */
record BackendView(
        URI url,
        BreakerState state,
        String reason,
        @Nullable Duration retryAfter,
        double healthScore,
        double share,
        @Nullable Duration latency,
        @Nullable Duration usualLatency,
        @Nullable Double quotaLeft,
        @Nullable List<QuotaView> quota,
        @Nullable Map<String, ScopeView> models,
        @Nullable Map<String, ScopeView> credentials) {

    /** By id, in the given order. */
    static Map<String, BackendView> of(
            List<BackendSnapshot> backends, String service, ProviderKnowledge knowledge, Instant now) {
        Map<String, BackendView> views = new LinkedHashMap<>();
        for (BackendSnapshot seen : backends) {
            String id = seen.backend().id();
            views.put(id, of(seen, QuotaView.of(knowledge.limits(service, id), now)));
        }
        return views;
    }

    private static BackendView of(BackendSnapshot seen, @Nullable List<QuotaView> quota) {
        BreakerSnapshot breaker = seen.breaker();
        return new BackendView(
                seen.backend().url(),
                breaker.state(),
                breaker.reason().sentence(),
                breaker.retryAfter(),
                BreakerView.rounded(HealthScore.of(breaker)),
                BreakerView.rounded(seen.share()),
                seen.latency(),
                seen.usualLatency(),
                seen.quotaLeft(),
                quota,
                seen.scopes() == null ? null : scopes(seen.scopes().models()),
                seen.scopes() == null ? null : scopes(seen.scopes().credentials()));
    }

    private static @Nullable Map<String, ScopeView> scopes(Collection<Breaker> breakers) {
        return breakers.isEmpty() ? null : ScopeView.of(breakers);
    }
}
