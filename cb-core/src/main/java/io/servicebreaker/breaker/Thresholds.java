package io.servicebreaker.breaker;

/**
 * What a breaker judges by, replaced as a whole.
 *
 * @param slowNanos a longer call is slow
 */
record Thresholds(BreakerSettings settings, StateMachine machine, long slowNanos) {

    static Thresholds of(BreakerSettings settings, BreakerScope scope) {
        return new Thresholds(settings, new StateMachine(settings), scope.slowNanos(settings));
    }
}
