package io.servicebreaker.spring.cache;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.spring.ConfiguredServices;
import org.springframework.cache.Cache;

/** Guards caches; a bean. Safe for use by many threads. */
public final class GuardedCaches {

    private final CallOrchestrator orchestrator;
    private final ConfiguredServices services;

    GuardedCaches(CallOrchestrator orchestrator, ConfiguredServices services) {
        this.orchestrator = orchestrator;
        this.services = services;
    }

    /**
     * The cache, guarded by the breaker of a service.
     *
     * @param service name of a configured service, as a rule one with the profile {@code cache}
     * @throws io.servicebreaker.call.UnknownServiceException if it is not configured
     */
    public Cache guard(Cache cache, String service) {
        return new GuardedCache(cache, orchestrator, services.service(service).name());
    }
}
