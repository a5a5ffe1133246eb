package io.servicebreaker.coordination;

import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;

/**
 * How well a service does, from 0 to 1: the share of its calls that did not fail, 0 while its breaker is open, and a
 * half while it is probed. A service that is too little known to judge counts as well.
 */
public final class HealthScore {

    static final double WELL = 1;
    private static final double IN_DOUBT = 0.5;
    private static final double DOWN = 0;

    private HealthScore() {}

    /** The score of what a breaker judges. */
    public static double of(BreakerSnapshot breaker) {
        BreakerState observed = breaker.observed();
        return switch (observed == null ? breaker.state() : observed) {
            case OPEN, FORCED_OPEN -> DOWN;
            case HALF_OPEN -> IN_DOUBT;
            case CLOSED, DISABLED, OBSERVING -> WELL - breaker.errorRate().orElse(0.0);
        };
    }
}
