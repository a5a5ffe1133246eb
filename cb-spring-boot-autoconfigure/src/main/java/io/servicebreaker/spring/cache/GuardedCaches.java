package io.servicebreaker.spring.cache;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.time.TimeSource;
import org.springframework.cache.Cache;

/** Guards caches; a bean. Safe for use by many threads. */
public final class GuardedCaches {

    private final CallOrchestrator orchestrator;
    private final ConfiguredServices services;
    private final TimeSource time;
    private final InternalFaults faults;
    private final StoringThreads threads = new StoringThreads();

    GuardedCaches(CallOrchestrator orchestrator, ConfiguredServices services, TimeSource time, InternalFaults faults) {
        this.orchestrator = orchestrator;
        this.services = services;
        this.time = time;
        this.faults = faults;
    }

    /**
     * The cache, guarded by the breaker of a service.
     *
     * @param service name of a configured service, as a rule one with the profile {@code cache}
     * @throws io.servicebreaker.call.UnknownServiceException if it is not configured
     */
    public Cache guard(Cache cache, String service) {
        String name = services.service(service).name();
        return new GuardedCache(cache, orchestrator, name, new StorageFailures(cache.getName(), time, faults), threads);
    }
}
