package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProviderProfile;
import java.util.List;

/**
 * A service with all its settings, wherever they came from.
 *
 * @param endpoints addresses of the service, for clients whose calls are not annotated
 * @param maxConcurrentCalls calls under way at a time, 0 for no bound
 */
public record ConfiguredService(
        String name,
        ProviderProfile provider,
        List<EndpointPattern> endpoints,
        BreakerSettings settings,
        CooldownSettings cooldowns,
        int maxConcurrentCalls,
        ExceptionRules exceptions) {

    public ConfiguredService {
        endpoints = List.copyOf(endpoints);
    }
}
