package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of a service's models or credentials as the endpoint shows it.
 *
 * @param reason why it is in its state, for people
 * @param retryAfter time until it is called again, if it is not now and that is known
 * @param healthScore see {@link HealthScore}
 */
record ScopeView(
        BreakerState state, String reason, @Nullable Duration retryAfter, double healthScore) {

    /** By id or name, in alphabetical order. */
    static Map<String, ScopeView> of(Collection<Breaker> breakers) {
        Map<String, ScopeView> views = new TreeMap<>();
        breakers.forEach(breaker -> views.put(breaker.scope().id(), of(breaker.snapshot())));
        return views;
    }

    private static ScopeView of(BreakerSnapshot seen) {
        double health = BreakerView.rounded(HealthScore.of(seen));
        return new ScopeView(seen.state(), seen.reason().sentence(), seen.retryAfter(), health);
    }
}
