package io.servicebreaker.coordination;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerScope;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is probed before whom. Lock-free, safe for use by many threads.
 *
 * <p>A service whose dependency is known to be down is not probed before that dependency may be. Of services that fail for
 * a common cause one is probed, and if it fails the others wait as long as it does, but only once in a row: each has its
 * turn, since the cause may not be so common after all. Nor do they wait longer than a probe should take: an answer that
 * streams on and on tells nobody anything.
 */
final class RecoveryOrder {

    private final Breakers breakers;
    private final DependencyGraph graph;
    private final Vitals vitals;
    private final TimeSource time;

    /** Services that wait because another one's probe failed, and have not been probed since. */
    private final Map<String, Boolean> waited = new ConcurrentHashMap<>();

    RecoveryOrder(Breakers breakers, DependencyGraph graph, Vitals vitals, TimeSource time) {
        this.breakers = breakers;
        this.graph = graph;
        this.vitals = vitals;
        this.time = time;
    }

    /** Whether a probe of it may ever have to wait. */
    boolean concerns(String service) {
        return !graph.needsOf(service).isEmpty() || !vitals.failingWith(service).isEmpty();
    }

    /**
     * Whether a service that it needs is known to be down. One that is due is not: maybe only calls of this service would
     * show that it is back.
     */
    boolean lacks(String service) {
        for (String needed : graph.needsOf(service)) {
            Breaker dependency = breakers.breaker(needed);
            if (dependency.state() == BreakerState.FORCED_OPEN || isKnownToBeDown(dependency)) {
                return true;
            }
        }
        return false;
    }

    /** Why a service must not be probed now, or null if it may be. */
    @Nullable
    Rejection objection(Breaker service) {
        if (service.state() != BreakerState.OPEN || !service.awaitsProbe()) {
            return null;
        }
        for (String needed : graph.needsOf(service.service())) {
            Breaker dependency = breakers.breaker(needed);
            if (isKnownToBeDown(dependency)) {
                return refusal(
                        RejectionReason.DEPENDENCY_DOWN,
                        dependency.snapshot().retryAfter(),
                        "it needs " + needed + ", which has to recover first");
            }
        }
        for (String other : vitals.failingWith(service.service())) {
            if (isBeingProbed(breakers.breaker(other).snapshot())) {
                return refusal(
                        RejectionReason.HALF_OPEN_FULL,
                        null,
                        "a probe of " + other + " is under way, which fails for the same cause");
            }
        }
        return null;
    }

    private boolean isBeingProbed(BreakerSnapshot other) {
        return other.probesUnderWay() > 0
                && time.now().isBefore(other.since().plus(other.settings().probeTimeout()));
    }

    /** Not while an operator holds it open, who may mean to do so for ever. */
    private static boolean isKnownToBeDown(Breaker breaker) {
        return breaker.state() == BreakerState.OPEN && !breaker.awaitsProbe();
    }

    private static Rejection refusal(RejectionReason reason, @Nullable Duration wait, String sentence) {
        return new Rejection(
                reason, RejectionScope.SERVICE, wait == null ? Rejection.UNKNOWN_TIME : wait.toNanos(), sentence);
    }

    /** A probe that failed answers for all that fail for the same cause. */
    void heed(StateChanged change) {
        if (change.hypothetical() || !change.scope().equals(BreakerScope.SERVICE)) {
            return;
        }
        Duration wait = change.retryAfter();
        boolean reopened = change.from() == BreakerState.HALF_OPEN && change.to() == BreakerState.OPEN;
        if (reopened && wait != null && !wait.isZero()) { // none where another of its backends is due
            handOn(change.service(), wait);
        } else if (change.to() != BreakerState.OPEN) {
            waited.remove(change.service());
        }
    }

    private void handOn(String failed, Duration wait) {
        for (String other : vitals.failingWith(failed)) {
            Breaker breaker = breakers.breaker(other);
            if (breaker.state() == BreakerState.OPEN && waited.putIfAbsent(other, true) == null) {
                breaker.keepOpen(wait, "a probe of " + failed + " failed, which fails for the same cause");
            }
        }
    }
}
