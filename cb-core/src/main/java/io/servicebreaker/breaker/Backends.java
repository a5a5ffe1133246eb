package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.ForcedOpen;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
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
 * The backends of one service, each with breakers of its own for itself and for the models and credentials that are
 * called there, and the choice between them: the gate of the service's calls in place of its breaker, which it asks first.
 * Lock-free on the way of a call, safe for use by many threads.
 *
 * <p>A backend that may be called is chosen at random, in proportion to its weight, the share of its calls that do not
 * fail and what is left of its rate limit, and in inverse proportion to its latency and its price. Numbers for the choice
 * are worked out by {@link #update()} now and then. A backend whose calls take far longer than usual is opened before it
 * fails, if another one is clearly faster: what makes all of them slow is no fault of one.
 */
public final class Backends extends Parts implements Gate {

    /** More backends than that a service cannot have. */
    public static final int MOST = Long.SIZE;

    private final Breaker service;
    private final Surroundings surroundings;
    private final BackendSignals signals;
    private final Deployment[] deployments;
    private final long all;

    /** What each backend may claim. */
    private volatile double[] claims;

    Backends(Breaker service, List<BackendSettings> settings, BackendSignals signals, Surroundings surroundings) {
        if (settings.size() > MOST) {
            throw new InvalidSettingException("backends", settings.size(), "at most " + MOST);
        }
        this.service = service;
        this.surroundings = surroundings;
        this.signals = signals;
        this.deployments = settings.stream()
                .map(one -> new Deployment(one, breaker(one.backend().id()), signals))
                .toArray(Deployment[]::new);
        this.all = -1L >>> (MOST - deployments.length);
        this.claims = claims(surroundings.time().nanos());
    }

    /**
     * Models and credentials have breakers of their own at each backend. Nobody tells whether a credential is the same at
     * all of them: to learn of it anew costs each one call, to take it for the same would cost the service.
     */
    private Breaker breaker(String id) {
        return new Breaker(
                service.service(),
                BreakerScope.backend(id),
                service.settings().narrowed(),
                Objects.requireNonNull(service.scopes()).ofModels(),
                surroundings);
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        long others = othersThan(request.backend());
        if (service.commanded(nowNanos) instanceof Disabled) {
            return deployments[choose(others, nowNanos)].admitAnyway(this, Permit.FREE, request, nowNanos);
        }
        Admission ofService = askService(nowNanos);
        return ofService instanceof Permit permit ? admit(permit, others, request, nowNanos) : ofService;
    }

    private Admission admit(Permit ofService, long passedOver, CallRequest request, long now) {
        try {
            return askBackends(ofService, passedOver, request, now);
        } catch (RuntimeException | Error e) {
            ofService.finish(Outcome.NOT_RUN, 0, now);
            throw e;
        }
    }

    /**
     * Asks the service's own breaker, which is no reason to refuse while a backend may be called: those know better until
     * when they are down and how many probes they bear.
     */
    private Admission askService(long now) {
        follow(now);
        Admission answer = service.ask(now, true);
        if (!(answer instanceof Rejection refusal)) {
            return answer;
        }
        State commanded = service.commanded(now);
        boolean stands = commanded instanceof ForcedOpen || (areAllShut(now) && !(commanded instanceof Observing));
        return stands ? service.refused(refusal, now) : Permit.FREE;
    }

    /** Asks backend after backend, but for those that are passed over. */
    private Admission askBackends(Permit ofService, long passedOver, CallRequest request, long now) {
        long passed = passedOver;
        int first = choose(passed, now);
        boolean limitsAlone = true;
        Rejection soonest = null;
        for (int index = first; index >= 0; index = choose(passed, now)) {
            Admission admission = deployments[index].admit(this, ofService, request, now);
            Rejection refusal;
            if (admission instanceof BackendPermit granted) {
                refusal = deployments[index].beyondLimits(granted, request, now);
                if (refusal == null) {
                    return granted;
                }
            } else {
                refusal = (Rejection) admission;
                limitsAlone = false;
            }
            soonest = sooner(soonest, refusal);
            passed |= 1L << index;
        }
        if (service.commanded(now) instanceof Observing) {
            service.countUnenforced();
            return deployments[first].admitAnyway(this, ofService, request, now);
        }
        ofService.finish(Outcome.NOT_RUN, 0, now);
        if (!limitsAlone) {
            service.counts().addRefusal();
        }
        Rejection refusal = Objects.requireNonNull(soonest); // there is at least one
        return passedOver == 0 ? refusal(refusal, now) : refusal;
    }

    /** A bit for each, or none if it is not one of these. */
    private long othersThan(@Nullable Backend only) {
        int index = indexOf(only);
        return index < 0 ? 0 : all & ~(1L << index);
    }

    private int indexOf(@Nullable Backend backend) {
        for (int i = 0; backend != null && i < deployments.length; i++) {
            if (deployments[i].backend().equals(backend)) {
                return i;
            }
        }
        return -1;
    }

    /** One of those that are not passed over, or -1 if there is none: of those that are shut only if all are. */
    private int choose(long passed, long now) {
        long shut = passed;
        for (int i = 0; i < deployments.length; i++) {
            if (deployments[i].isShut(now)) {
                shut |= 1L << i;
            }
        }
        return drawn(shut == all ? passed : shut);
    }

    /** By chance, in proportion to their claims, or evenly if they have none. */
    private int drawn(long passed) {
        double[] known = claims;
        double sum = sum(known, passed);
        double point = surroundings.luck().getAsDouble() * (sum > 0 ? sum : deployments.length - Long.bitCount(passed));
        int last = -1;
        for (int i = 0; i < known.length && point >= 0; i++) {
            if ((passed >>> i & 1) == 0 && (sum == 0 || known[i] > 0)) {
                last = i;
                point -= sum > 0 ? known[i] : 1;
            }
        }
        return last;
    }

    private static double sum(double[] values, long passed) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (passed >>> i & 1) == 0 ? values[i] : 0;
        }
        return sum;
    }

    private boolean areAllShut(long now) {
        for (Deployment deployment : deployments) {
            if (!deployment.isShut(now)) {
                return false;
            }
        }
        return true;
    }

    private static Rejection sooner(@Nullable Rejection one, Rejection other) {
        if (one == null || one.retryAfterNanos() < 0) {
            return other;
        }
        return other.retryAfterNanos() >= 0 && other.retryAfterNanos() < one.retryAfterNanos() ? other : one;
    }

    /** If all are down, that is the service's own state until the first of them is due. */
    private Rejection refusal(Rejection soonest, long now) {
        long wait = soonest.retryAfterNanos();
        String explanation = "none of its " + deployments.length + " backends may be called";
        Deadline deadline = Deadline.after(Duration.ofNanos(wait), RejectionReason.OPEN, explanation, now);
        if (deadline != null && areAllDown()) {
            service.hold(deadline, now);
        }
        return new Rejection(soonest.reason(), soonest.scope(), wait, explanation);
    }

    /** An open service is due when the first of these is, whatever its own probes and their answers would have it wait. */
    @Override
    State followed(State state, long now) {
        if (state instanceof Observing observing) {
            return StateMachine.with(observing, followed(observing.inner(), now));
        }
        return state instanceof Open open ? open.due(soonest(now), now) : state;
    }

    /** Something has changed here. */
    void follow(long now) {
        if (StateMachine.automatic(service.commanded(now)) instanceof Open) {
            service.change(now, state -> service.machine().current(state, now));
        }
    }

    private long soonest(long now) {
        long soonest = State.NEVER;
        for (Deployment deployment : deployments) {
            soonest = Math.min(soonest, deployment.dueAt(now));
        }
        return soonest;
    }

    @Override
    void hold(Deadline deadline, long now) {
        State state = service.commanded(now);
        if (!(state instanceof ForcedOpen) && !(state instanceof Disabled)) {
            for (Deployment deployment : deployments) {
                deployment.breaker().hold(deadline, now);
            }
        }
    }

    @Override
    void extend(Deadline deadline, long now) {
        if (StateMachine.automatic(service.commanded(now)) instanceof Open) {
            for (Deployment deployment : deployments) {
                deployment.breaker().extend(deadline, now);
            }
        }
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

    /** What a model or credential hears of a call to a backend, which answers for its own failures. */
    static Outcome forTheScopes(Outcome outcome) {
        boolean isTheBackends = outcome.scope() == RejectionScope.SERVICE && outcome.kind() != Outcome.Kind.SUCCESS;
        return isTheBackends ? Outcome.NOT_RUN : outcome;
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
        long now = surroundings.time().nanos();
        claims = claims(now);
        follow(now);
    }

    private double[] claims(long now) {
        double pressure = signals.budgetPressure();
        double best = Double.NaN;
        for (Deployment deployment : deployments) {
            double latency = deployment.isCallable() ? deployment.latency() : Double.NaN;
            best = Double.isNaN(best) || latency < best ? latency : best;
        }
        double[] own = new double[deployments.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = deployments[i].claim(pressure, best, now);
        }
        return own;
    }

    @Override
    void close(String reason) {
        for (Deployment deployment : deployments) {
            OperatorCommand.CLOSE.giveToo(deployment.breaker(), reason);
        }
        claims = claims(surroundings.time().nanos());
    }

    @Override
    void reset(String reason) {
        for (Deployment deployment : deployments) {
            deployment.reset(reason);
        }
        claims = claims(surroundings.time().nanos());
    }

    /**
     * What a call finds at a backend now: {@code OPEN} also if the breaker of its model or credential there is.
     *
     * @param backend one of these
     */
    public BreakerState stateFor(CallRequest request, Backend backend) {
        int index = indexOf(backend);
        if (index < 0) {
            return BreakerState.CLOSED;
        }
        Deployment deployment = deployments[index];
        return deployment.scopes().areOpenFor(request)
                ? BreakerState.OPEN
                : deployment.breaker().state();
    }

    /** Each backend as it is now. */
    public List<BackendSnapshot> snapshot() {
        long now = surroundings.time().nanos();
        double[] known = claims;
        double sum = sum(known, 0);
        List<BackendSnapshot> snapshots = new ArrayList<>();
        for (int i = 0; i < known.length; i++) {
            snapshots.add(deployments[i].snapshot(sum > 0 ? known[i] / sum : 0, now));
        }
        return snapshots;
    }
}
