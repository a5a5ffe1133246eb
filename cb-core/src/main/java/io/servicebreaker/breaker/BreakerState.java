package io.servicebreaker.breaker;

/** What a breaker does with calls. */
public enum BreakerState {
    /** Lets calls through and watches them. */
    CLOSED,
    /** Refuses calls until a deadline. */
    OPEN,
    /** Lets a few probes through to see whether the service works again. */
    HALF_OPEN,
    /** Refuses calls because an operator said so. */
    FORCED_OPEN,
    /** Lets calls through and does not watch them, because an operator said so. */
    DISABLED,
    /** Lets calls through and reports what it would have done, because an operator said so. */
    OBSERVING
}
