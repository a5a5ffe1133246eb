package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProviderProfile;

/**
 * A service with all its settings, wherever they came from.
 *
 * @param maxConcurrentCalls calls under way at a time, 0 for no bound
 */
public record ConfiguredService(
        String name,
        ProviderProfile provider,
        BreakerSettings settings,
        CooldownSettings cooldowns,
        int maxConcurrentCalls,
        ExceptionRules exceptions) {}
