package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.coordination.HealthScore;
import java.net.URI;
import java.time.Duration;
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
        @Nullable Double quotaLeft) {

    /** By id, in the given order. */
    static Map<String, BackendView> of(List<BackendSnapshot> backends) {
        Map<String, BackendView> views = new LinkedHashMap<>();
        backends.forEach(seen -> views.put(seen.backend().id(), of(seen)));
        return views;
    }

    private static BackendView of(BackendSnapshot seen) {
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
                seen.quotaLeft());
    }
}
