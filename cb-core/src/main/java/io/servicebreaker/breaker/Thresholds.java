package io.servicebreaker.breaker;

/**
 * What a breaker judges by, replaced as a whole.
 *
 * @param slowNanos a longer call is slow
 */
record Thresholds(BreakerSettings settings, StateMachine machine, long slowNanos) {

    static Thresholds of(BreakerSettings settings, BreakerScope scope) {
        BreakerSettings own = scope.isService()
                ? settings
                : settings.toBuilder().early(false, false).build();
        return new Thresholds(own, new StateMachine(own), scope.slowNanos(own));
    }
}
