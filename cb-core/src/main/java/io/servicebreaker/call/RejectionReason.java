package io.servicebreaker.call;

/** Why a call was refused. */
public enum RejectionReason {
    /** The breaker is open. */
    OPEN,
    /** The breaker tests the service, and as many probes as are allowed are under way. */
    HALF_OPEN_FULL,
    /** An operator holds the breaker open. */
    FORCED_OPEN,
    /** The provider asked us to wait. */
    RATE_LIMITED,
    /** The quota or credit at the provider is used up. */
    QUOTA_EXHAUSTED,
    /** The provider does not accept our credential. */
    AUTHENTICATION_FAILED,
    /** This model of the provider is not well. */
    MODEL_UNHEALTHY,
    /** The provider's remaining token budget would not cover the call. */
    TOKEN_BUDGET,
    /** The money for the period is spent. */
    COST_BUDGET,
    /** A cost rule forbids the call. */
    COST_RULE,
    /** As many calls as are allowed are under way. */
    TOO_MANY_CALLS,
    /** A service that this one needs is down. */
    DEPENDENCY_DOWN,
    /** This application has no resources left. */
    SYSTEM_EXHAUSTED,
    /** The system is in emergency mode and the call is not essential. */
    EMERGENCY,
    /** The time allowed for the call has passed. */
    DEADLINE
}
