package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.coordination.HealthScore;
import io.servicebreaker.provider.TokenUsage;
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
 * @param tokens how many its calls use, for models where it is known; the only field of one that only answers have named
 */
record ScopeView(
        @Nullable BreakerState state,
        @Nullable String reason,
        @Nullable Duration retryAfter,
        @Nullable Double healthScore,
        @Nullable TokensView tokens) {

    /** By id or name, in alphabetical order. */
    static Map<String, ScopeView> of(Collection<Breaker> breakers) {
        Map<String, ScopeView> views = new TreeMap<>();
        breakers.forEach(breaker -> views.put(breaker.scope().id(), of(breaker.snapshot(), null)));
        return views;
    }

    /** Models, with the tokens that their calls use. */
    static Map<String, ScopeView> of(Collection<Breaker> models, Map<String, TokenUsage> tokens) {
        Map<String, ScopeView> views = new TreeMap<>();
        tokens.forEach((model, usage) -> views.put(model, new ScopeView(null, null, null, null, TokensView.of(usage))));
        for (Breaker model : models) {
            ScopeView named = views.get(model.scope().id());
            views.put(model.scope().id(), of(model.snapshot(), named == null ? null : named.tokens()));
        }
        return views;
    }

    private static ScopeView of(BreakerSnapshot seen, @Nullable TokensView tokens) {
        double health = BreakerView.rounded(HealthScore.of(seen));
        return new ScopeView(seen.state(), seen.reason().sentence(), seen.retryAfter(), health, tokens);
    }
}
