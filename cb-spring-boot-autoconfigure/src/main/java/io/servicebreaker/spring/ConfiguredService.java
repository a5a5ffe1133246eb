package io.servicebreaker.spring;

import io.servicebreaker.breaker.BackendSettings;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.LimitSettings;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.StreamSettings;
import java.util.List;
import java.util.Map;

/**
 * A service with all its settings, wherever they came from.
 *
 * @param endpoints addresses of the service, for clients whose calls are not annotated
 * @param models settings of models that differ from the others, by id
 * @param limits how close to its provider's rate limits calls may come
 * @param maxConcurrentCalls calls under way at a time, 0 for no bound
 * @param streams how long streamed answers are waited for
 * @param pricing what its calls cost
 * @param coordination what it means to the others
 * @param backends its deployments, if it has several
 * @param fallback who answers instead
 * @param adaptive whether its thresholds may be adjusted to what is learned
 */
public record ConfiguredService(
        String name,
        ProviderProfile provider,
        List<EndpointPattern> endpoints,
        BreakerSettings settings,
        Map<String, BreakerSettings> models,
        CooldownSettings cooldowns,
        LimitSettings limits,
        int maxConcurrentCalls,
        ExceptionRules exceptions,
        StreamSettings streams,
        Pricing pricing,
        CoordinatedService coordination,
        List<BackendSettings> backends,
        FallbackSettings fallback,
        boolean adaptive) {

    public ConfiguredService {
        endpoints = List.copyOf(endpoints);
        models = Map.copyOf(models);
        backends = List.copyOf(backends);
    }
}
