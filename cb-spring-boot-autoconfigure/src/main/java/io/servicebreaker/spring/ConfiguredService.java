package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.Provider;

/**
 * A service with all its settings, wherever they came from.
 *
 * @param maxConcurrentCalls calls under way at a time, 0 for no bound
 */
public record ConfiguredService(
        String name, Provider provider, BreakerSettings settings, int maxConcurrentCalls, ExceptionRules exceptions) {}
