package io.servicebreaker.spring;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which service an address belongs to, by the endpoint patterns of the configuration. Immutable. */
final class Endpoints {

    private record Endpoint(EndpointPattern pattern, String service) {}

    private final List<Endpoint> mostPreciseFirst;

    private Endpoints(List<Endpoint> mostPreciseFirst) {
        this.mostPreciseFirst = List.copyOf(mostPreciseFirst);
    }

    static Endpoints of(ConfiguredServices services) {
        List<Endpoint> all = new ArrayList<>();
        Map<EndpointPattern, String> owners = new HashMap<>();
        for (ConfiguredService service : services.all()) {
            for (EndpointPattern pattern : service.endpoints()) {
                String owner = owners.putIfAbsent(pattern, service.name());
                if (owner != null) {
                    throw new InvalidPropertyException(
                            Layers.SERVICES + service.name() + ".endpoint-patterns",
                            pattern.toString(),
                            "belongs to " + owner + " already",
                            "Remove it from one of the two.");
                }
                all.add(new Endpoint(pattern, service.name()));
            }
        }
        all.sort(Comparator.comparingInt(
                        (Endpoint endpoint) -> endpoint.pattern().precision())
                .reversed());
        return new Endpoints(all);
    }

    /** The service that the address belongs to, by the most precise pattern. */
    Optional<String> serviceAt(URI url) {
        return Optional.ofNullable(endpointAt(url)).map(Endpoint::service);
    }

    /** The most precise pattern that the address matches. */
    Optional<EndpointPattern> patternAt(URI url) {
        return Optional.ofNullable(endpointAt(url)).map(Endpoint::pattern);
    }

    private @Nullable Endpoint endpointAt(URI url) {
        for (Endpoint endpoint : mostPreciseFirst) {
            if (endpoint.pattern().matches(url)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Whether anything is said about the service's addresses. */
    boolean know(String service) {
        return mostPreciseFirst.stream().anyMatch(endpoint -> endpoint.service().equals(service));
    }
}
