package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.spring.ServiceSignals;
import java.util.Collection;

/**
 * How well a service does, from 0 to 1: the share of its calls that did not fail, 0 while its breaker is open, and a
 * half while it is probed, and less where a health signal of the service looks bad. A service that is too little known to judge counts as well.
 */
final class HealthScore {

    private static final double WELL = 1;
    private static final double IN_DOUBT = 0.5;
    private static final double DOWN = 0;

    private HealthScore() {}

    static double of(BreakerSnapshot breaker) {
        BreakerState observed = breaker.observed();
        return switch (observed == null ? breaker.state() : observed) {
            case OPEN, FORCED_OPEN -> DOWN;
            case HALF_OPEN -> IN_DOUBT;
            case CLOSED, DISABLED, OBSERVING -> WELL - breaker.errorRate().orElse(0.0);
        };
    }

    static double of(BreakerSnapshot breaker, HealthSignals signals) {
        return of(breaker) * signals.health();
    }

    /** The mean over all services. */
    static double of(Collection<BreakerSnapshot> breakers, ServiceSignals signals) {
        return breakers.stream()
                .mapToDouble(breaker -> of(breaker, signals.of(breaker.service())))
                .average()
                .orElse(WELL);
    }
}
