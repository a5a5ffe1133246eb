package io.servicebreaker.cost;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.util.function.BooleanSupplier;

/**
 * Refuses calls also when the gate behind it fails, and as long as nobody knows what has been spent before, for those who
 * would rather not call than not know what it costs. Safe for use by many threads.
 */
public final class FailClosedGate implements Gate {

    private static final Rejection UNKNOWN = new Rejection(
            RejectionReason.COST_BUDGET,
            RejectionScope.BUDGET,
            Rejection.UNKNOWN_TIME,
            "what is left of the budget cannot be found out");

    private final Gate gate;
    private final BooleanSupplier known;
    private final InternalFaults faults;

    /**
     * Creates one that asks another gate.
     *
     * @param known whether it is known what has been spent before; asked for each call
     */
    public FailClosedGate(Gate gate, BooleanSupplier known, InternalFaults faults) {
        this.gate = gate;
        this.known = known;
        this.faults = faults;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        try {
            return known.getAsBoolean() ? gate.admit(request, nowNanos) : UNKNOWN;
        } catch (Throwable e) {
            faults.record("budgets", "calls are refused", e);
            return UNKNOWN;
        }
    }
}
