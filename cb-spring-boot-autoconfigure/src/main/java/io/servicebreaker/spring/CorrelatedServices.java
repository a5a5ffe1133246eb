package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.coordination.CorrelatedService;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What configured services may share. */
final class CorrelatedServices {

    /** Kinds of services that nobody in particular runs. */
    private static final Set<String> NOBODY = Set.of("generic", "cache");

    private CorrelatedServices() {}

    static List<CorrelatedService> of(ConfiguredServices services) {
        return services.all().stream().map(CorrelatedServices::of).toList();
    }

    /** Those that are not called because they failed, whatever operators want. */
    static Predicate<String> down(Breakers breakers) {
        return service -> {
            BreakerState state = breakers.breaker(service).state();
            return state == BreakerState.OPEN || state == BreakerState.HALF_OPEN;
        };
    }

    private static CorrelatedService of(ConfiguredService service) {
        String provider = service.provider().id();
        return new CorrelatedService(
                service.name(), NOBODY.contains(provider) ? "" : provider, host(service.endpoints()));
    }

    /** Only one that is the same in all addresses is known. */
    private static String host(List<EndpointPattern> endpoints) {
        List<String> hosts =
                endpoints.stream().map(EndpointPattern::host).distinct().toList();
        return hosts.size() == 1 && !hosts.get(0).contains("*") ? hosts.get(0) : "";
    }
}
