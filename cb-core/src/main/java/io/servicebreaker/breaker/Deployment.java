package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A backend with what is known of it. Safe for use by many threads, but for what is said to be for one. */
final class Deployment {

    /** What an answer told of the rate limit is no longer true after that. */
    private static final long QUOTA_NANOS = Duration.ofSeconds(60).toNanos();

    private static final double LEAST = 0.05;

    private final BackendSettings settings;
    private final Breaker breaker;
    private final BackendSignals signals;
    private final Gate limits;

    private volatile LatencyTrend trend;

    private volatile double quotaLeft = Double.NaN;
    private volatile long quotaUntil;

    /** The last permit: while no breaker changes, calls of the same model get the same. */
    private volatile @Nullable BackendPermit permit;

    Deployment(BackendSettings settings, Breaker breaker, BackendSignals signals) {
        this.settings = settings;
        this.breaker = breaker;
        this.signals = signals;
        this.limits = signals.limits(settings.backend().id());
        this.trend = new LatencyTrend(breaker.settings().minimumCalls());
    }

    /** As new. */
    void reset(String reason) {
        OperatorCommand.RESET.giveToo(breaker, reason);
        trend = new LatencyTrend(breaker.settings().minimumCalls());
        quotaLeft = Double.NaN;
    }

    Backend backend() {
        return settings.backend();
    }

    Breaker breaker() {
        return breaker;
    }

    /** Whether a call would not be refused out of hand. */
    boolean isCallable() {
        return breaker.state() == BreakerState.CLOSED || breaker.awaitsProbe();
    }

    boolean isClosed() {
        return breaker.state() == BreakerState.CLOSED;
    }

    /** Whether a call would be refused until a time that is known. */
    boolean isDown() {
        return breaker.state() == BreakerState.OPEN && !breaker.awaitsProbe();
    }

    /** The breakers of the models and credentials that are called there. */
    ScopedBreakers scopes() {
        return Objects.requireNonNull(breaker.scopes());
    }

    /**
     * Whether it refuses every call at this time, as far as that is clear without asking its rules: a probe whose turn has
     * not come included. Without allocation.
     */
    boolean isShut(long now) {
        State state = breaker.commanded(now);
        if (state instanceof Open open) {
            return now < open.until() || breaker.lacksPlace(now);
        }
        return state instanceof HalfOpen halfOpen
                && (halfOpen.probesUnderWay(now) >= breaker.settings().halfOpenMaxRequests()
                        || breaker.lacksPlace(now));
    }

    /** When a call would no longer be refused out of hand. */
    long dueAt(long now) {
        State state = breaker.commanded(now);
        if (state instanceof Open open) {
            return open.until();
        }
        return state instanceof HalfOpen halfOpen
                ? halfOpen.freeAt(breaker.settings().halfOpenMaxRequests(), now)
                : now;
    }

    /** As its breakers say. A call that probes the service has the place that it needs, and would wait for its own for ever. */
    Admission admit(Backends owner, Permit ofService, CallRequest request, long now) {
        Admission own = breaker.admit(now, !(ofService instanceof ProbePermit));
        if (!(own instanceof Permit granted)) {
            return own;
        }
        Admission ofScopes = scopes().admit(request, now);
        if (!(ofScopes instanceof Permit scoped)) {
            granted.finish(Outcome.NOT_RUN, 0, now);
            return ofScopes;
        }
        return permit(owner, ofService, scoped, granted);
    }

    /** The refusal of a call that its breakers let through, whose permit is given back then; null if there is none. */
    @Nullable
    Rejection beyondLimits(BackendPermit granted, CallRequest request, long now) {
        boolean covered = false;
        try {
            Admission ofLimits = limits.admit(request, now);
            covered = ofLimits instanceof Permit;
            return ofLimits instanceof Rejection refusal ? refusal : null;
        } finally { // also if they are broken
            if (!covered) {
                granted.giveBack(now);
            }
        }
    }

    /** Whatever its breaker and its limits say. */
    BackendPermit admitAnyway(Backends owner, Permit ofService, CallRequest request, long now) {
        signals.takeAnyway(backend().id(), request, now);
        return permit(owner, ofService, Permit.FREE, Permit.FREE);
    }

    private BackendPermit permit(Backends owner, Permit ofService, Permit ofScopes, Permit own) {
        BackendPermit last = permit;
        if (last != null && last.isOf(ofService, ofScopes, own)) {
            return last;
        }
        BackendPermit made = new BackendPermit(owner, this, ofService, ofScopes, own);
        permit = made;
        return made;
    }

    void heard(Outcome outcome, long durationNanos, long now) {
        if (outcome.kind() == Outcome.Kind.SUCCESS) {
            trend.add(durationNanos);
        }
        CallReport report = outcome.report();
        double left = report == null ? Double.NaN : signals.quotaLeft(report);
        if (!Double.isNaN(left)) {
            quotaLeft = left;
            quotaUntil = now + QUOTA_NANOS;
        }
    }

    /**
     * Looks at how long calls take; to be called by one thread at a time.
     *
     * @param hasFasterOne whether another one that may be called is clearly faster
     */
    void look(boolean hasFasterOne) {
        LatencyTrend seen = trend;
        double before = seen.usualMean();
        if (!seen.look() || !hasFasterOne || breaker.state() != BreakerState.CLOSED) {
            return;
        }
        long millis = (long) (seen.recentMean() / 1_000_000);
        breaker.holdOpen(
                breaker.settings().recoveryTimeout(),
                RejectionReason.OPEN,
                "calls take " + millis + " ms, usual are " + (long) (before / 1_000_000) + " ms");
        seen.forgetRecent();
    }

    /** Its claim on calls, before it is compared with others. */
    double claim(double budgetPressure, double bestLatency, long now) {
        if (!isCallable()) {
            return 0;
        }
        double health = breaker.state() == BreakerState.CLOSED
                ? 1 - breaker.snapshot().errorRate().orElse(0.0)
                : 0.5; // a probe
        double latency = latency();
        double slowness = Double.isNaN(latency) || !(bestLatency > 0) ? 1 : Math.max(1, latency / bestLatency);
        double price = Math.pow(settings.costFactor(), 1 + 4 * budgetPressure);
        return settings.weight() * Math.max(LEAST, health) * Math.max(LEAST, quota(now)) / (slowness * price);
    }

    /** Nanoseconds; not a number if it is not known. */
    double latency() {
        LatencyTrend seen = trend;
        double recent = seen.recentMean();
        return Double.isNaN(recent) ? seen.usualMean() : recent;
    }

    private double quota(long now) {
        return Double.isNaN(quotaLeft) || now >= quotaUntil ? 1 : quotaLeft;
    }

    BackendSnapshot snapshot(double share, long now) {
        return new BackendSnapshot(
                backend(),
                breaker.snapshot(),
                scopes(),
                share,
                duration(trend.recentMean()),
                duration(trend.usualMean()),
                Double.isNaN(quotaLeft) || now >= quotaUntil ? null : quotaLeft);
    }

    private static @Nullable Duration duration(double nanos) {
        return Double.isNaN(nanos) ? null : Duration.ofNanos((long) nanos);
    }
}
