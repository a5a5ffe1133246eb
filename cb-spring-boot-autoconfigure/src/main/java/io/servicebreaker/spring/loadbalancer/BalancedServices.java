package io.servicebreaker.spring.loadbalancer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The services whose instances are watched, by the names that a load balancer knows as well. Immutable. */
final class BalancedServices {

    private final Map<String, BalancedService> byId;

    BalancedServices(Map<String, BalancedService> byId) {
        this.byId = Map.copyOf(byId);
    }

    /** Null if it is none of ours. */
    @Nullable
    BalancedService find(@Nullable String id) {
        return id == null ? null : byId.get(id);
    }
}
