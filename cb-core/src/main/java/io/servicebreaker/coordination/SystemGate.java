package io.servicebreaker.coordination;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.coordination.Shedder.Shed;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the calls of one service for the sake of the whole: in an emergency, while a service is down that it cannot do
 * without, and probes whose turn has not come. Safe for use by many threads.
 */
public final class SystemGate implements Gate {

    private final SystemHealth system;
    private final Breaker breaker;
    private final RecoveryOrder order;

    SystemGate(SystemHealth system, Breaker breaker, RecoveryOrder order) {
        this.system = system;
        this.breaker = breaker;
        this.order = order;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        Standing standing = system.standing(breaker.service());
        if (standing.isClear()) {
            return Permit.FREE;
        }
        Rejection refusal = system.isTrusted(nowNanos) ? refusal(standing, request, nowNanos) : null;
        return refusal == null ? Permit.FREE : refusal;
    }

    private @Nullable Rejection refusal(Standing standing, CallRequest request, long now) {
        return switch (breaker.state()) {
            case OPEN, FORCED_OPEN, HALF_OPEN ->
                standing.waitsItsTurn() ? order.objection(breaker) : null; // its own breaker knows why and until when
            case DISABLED -> null;
            case OBSERVING -> {
                if (wanted(standing, request, now) != null) {
                    breaker.countUnenforced();
                }
                yield null;
            }
            case CLOSED -> wanted(standing, request, now);
        };
    }

    private @Nullable Rejection wanted(Standing standing, CallRequest request, long now) {
        if (request.isEssential()) {
            return null;
        }
        if (standing.emergency() != null && now < standing.emergencyEnds() && !system.isOutageOver()) {
            return standing.emergency();
        }
        if (standing.dependency() != null && order.lacks(breaker.service())) {
            return standing.dependency();
        }
        Shed shed = standing.shed();
        return shed != null && shed.refusesNext() ? shed.refusal() : null;
    }
}
