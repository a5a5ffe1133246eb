package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backends of one service, each with a breaker of its own, and the choice between them: the gate of the service's
 * calls in place of its breaker and those of its models and credentials, which it asks first. Lock-free on the way of a call, safe for use by many threads.
 *
 * <p>A backend that may be called is chosen at random, in proportion to its weight, the share of its calls that do not
 * fail and what is left of its rate limit, and in inverse proportion to its latency and its price. Numbers for the choice
 * are worked out by {@link #update()} now and then. A backend whose calls take far longer than usual is opened before it
 * fails, if another one is clearly faster: what makes all of them slow is no fault of one.
 */
public final class Backends implements Gate {

    private final Breaker service;
    private final ScopedBreakers scopes;
    private final Surroundings surroundings;
    private final BackendSignals signals;
    private final Deployment[] deployments;

    /** What each backend may claim, the sum of the ones before it included. */
    private volatile double[] claims;

    Backends(Breaker service, List<BackendSettings> settings, BackendSignals signals, Surroundings surroundings) {
        this.service = service;
        this.scopes = Objects.requireNonNull(service.scopes());
        this.surroundings = surroundings;
        this.signals = signals;
        BreakerSettings narrowed = service.settings().narrowed();
        this.deployments = settings.stream()
                .map(one -> new Deployment(
                        one,
                        new Breaker(
                                service.service(),
                                BreakerScope.backend(one.backend().id()),
                                narrowed,
                                null,
                                surroundings),
                        signals))
                .toArray(Deployment[]::new);
        this.claims = claims(surroundings.time().nanos());
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        if (service.commanded(nowNanos) instanceof Disabled) {
            return deployments[choose()].permit(this, Permit.FREE, Permit.FREE, Permit.FREE);
        }
        Admission ofService = service.admit(request, nowNanos);
        if (!(ofService instanceof Permit permit)) {
            return ofService;
        }
        Admission ofScopes = scopes.admit(request, nowNanos);
        if (ofScopes instanceof Permit scoped) {
            return admit(permit, scoped, request, nowNanos);
        }
        permit.finish(Outcome.NOT_RUN, 0, nowNanos);
        return ofScopes;
    }

    private Admission admit(Permit ofService, Permit ofScopes, CallRequest request, long now) {
        int first = choose();
        Rejection soonest = null;
        for (int i = 0; i < deployments.length; i++) {
            Deployment deployment = deployments[(first + i) % deployments.length];
            Admission own = deployment.breaker().admit(request, now);
            if (own instanceof Permit permit) {
                return deployment.permit(this, ofService, ofScopes, permit);
            }
            soonest = sooner(soonest, (Rejection) own);
        }
        if (service.commanded(now) instanceof Observing) {
            service.countUnenforced();
            return deployments[first].permit(this, ofService, ofScopes, Permit.FREE);
        }
        ofScopes.finish(Outcome.NOT_RUN, 0, now);
        ofService.finish(Outcome.NOT_RUN, 0, now);
        return refusal(soonest);
    }

    private int choose() {
        double[] upTo = claims;
        double point = surroundings.luck().getAsDouble() * upTo[upTo.length - 1];
        int index = 0;
        while (index < upTo.length - 1 && point >= upTo[index]) {
            index++;
        }
        return index;
    }

    private static Rejection sooner(@Nullable Rejection one, Rejection other) {
        if (one == null || one.retryAfterNanos() < 0) {
            return other;
        }
        return other.retryAfterNanos() >= 0 && other.retryAfterNanos() < one.retryAfterNanos() ? other : one;
    }

    /** If all are down, that is the service's own state until the first of them is due. */
    private Rejection refusal(@Nullable Rejection soonest) {
        long wait = soonest == null ? Rejection.UNKNOWN_TIME : soonest.retryAfterNanos();
        String explanation = "none of its " + deployments.length + " backends may be called";
        if (wait > 0 && areAllDown()) {
            service.holdOpen(Duration.ofNanos(wait), RejectionReason.OPEN, explanation);
        }
        return new Rejection(
                soonest == null ? RejectionReason.OPEN : soonest.reason(), RejectionScope.SERVICE, wait, explanation);
    }

    private boolean areAllDown() {
        for (Deployment deployment : deployments) {
            if (!deployment.isDown()) {
                return false;
            }
        }
        return true;
    }

    /** What the end of a call to a backend says about the service: of a failure nothing while there are others. */
    Outcome forTheService(Deployment deployment, Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.NOT_RUN || isAlone(deployment)) {
            return outcome;
        }
        return outcome.kind() == Outcome.Kind.SUCCESS ? outcome.timely() : Outcome.NOT_RUN; // it may be slow by itself
    }

    /** What belongs to a model or a credential is theirs wherever it shows. */
    Outcome forTheScopes(Deployment deployment, Outcome outcome) {
        return outcome.scope() == RejectionScope.SERVICE ? forTheService(deployment, outcome) : outcome;
    }

    private boolean hasFasterOne(Deployment one) {
        for (Deployment other : deployments) {
            if (other != one && other.isClosed() && other.latency() < one.latency() / 2) {
                return true;
            }
        }
        return false;
    }

    private boolean isAlone(Deployment one) {
        for (Deployment other : deployments) {
            if (other != one && other.isCallable()) {
                return false;
            }
        }
        return true;
    }

    /** Works out the choice anew, and opens what is about to fail. To be called by one thread at a time. */
    public void update() {
        for (Deployment deployment : deployments) {
            deployment.look(hasFasterOne(deployment));
        }
        claims = claims(surroundings.time().nanos());
    }

    private double[] claims(long now) {
        double pressure = signals.budgetPressure();
        double best = Double.NaN;
        for (Deployment deployment : deployments) {
            double latency = deployment.isCallable() ? deployment.latency() : Double.NaN;
            best = Double.isNaN(best) || latency < best ? latency : best;
        }
        double[] upTo = new double[deployments.length];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += deployments[i].claim(pressure, best, now);
            upTo[i] = sum;
        }
        return upTo;
    }

    /** An operator has closed the service, or wants it as new: so are its backends. */
    public void close(String reason) {
        for (Deployment deployment : deployments) {
            deployment.breaker().closeToo(reason);
        }
    }

    /** Each backend as it is now. */
    public List<BackendSnapshot> snapshot() {
        long now = surroundings.time().nanos();
        double[] upTo = claims;
        double all = upTo[upTo.length - 1];
        List<BackendSnapshot> snapshots = new ArrayList<>();
        double before = 0;
        for (int i = 0; i < upTo.length; i++) {
            snapshots.add(deployments[i].snapshot(all > 0 ? (upTo[i] - before) / all : 0, now));
            before = upTo[i];
        }
        return snapshots;
    }
}
