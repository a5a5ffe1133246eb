package io.servicebreaker.spring.actuate;

/** Names and tags of our meters. */
final class MeterNames {

    static final String SERVICE = "service";
    static final String RESOURCE = "resource";

    static final String STATE = "circuit.breaker.state";
    static final String STATE_DURATION = "circuit.breaker.state.duration";
    static final String REQUESTS = "circuit.breaker.requests";
    static final String RESPONSE_TIME = "circuit.breaker.response.time";
    static final String ERROR_RATE = "circuit.breaker.error.rate";
    static final String TIMEOUT_RATE = "circuit.breaker.timeout.rate";
    static final String FAILURES = "circuit.breaker.failures";
    static final String CANCELLED = "circuit.breaker.cancelled";
    static final String MASKED_FAILURES = "circuit.breaker.masked.failures";
    static final String TRANSITIONS = "circuit.breaker.transitions";
    static final String RECOVERY_ATTEMPTS = "circuit.breaker.recovery.attempts";
    static final String RECOVERIES = "circuit.breaker.recoveries";
    static final String TOKENS = "circuit.breaker.tokens";
    static final String COST = "circuit.breaker.cost";
    static final String COST_SAVED = "circuit.breaker.cost.saved";
    static final String BUDGET_USED = "circuit.breaker.budget.used";
    static final String DECISIONS_DROPPED = "circuit.breaker.decisions.dropped";
    static final String LEDGER_WAITING = "circuit.breaker.ledger.waiting";
    static final String LEDGER_SPILLED = "circuit.breaker.ledger.spilled";
    static final String LEDGER_UNRECORDED = "circuit.breaker.ledger.unrecorded";
    static final String DEGRADATION = "circuit.breaker.degradation";
    static final String CASCADES = "circuit.breaker.cascades";
    static final String SYSTEM_HEALTH = "circuit.breaker.system.health";
    static final String CORRELATED_FAILURES = "circuit.breaker.correlated.failures";
    static final String ADJUSTMENTS = "circuit.breaker.adjustments";
    static final String SYSTEM_LOAD = "circuit.breaker.system.load";
    static final String HEADERS_IGNORED = "circuit.breaker.headers.ignored";
    static final String INTERNAL_FAULTS = "circuit.breaker.internal.faults";
    static final String EVENTS_DROPPED = "circuit.breaker.events.dropped";

    private MeterNames() {}
}
