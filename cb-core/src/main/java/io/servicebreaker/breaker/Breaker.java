package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.breaker.StateMachine.Admitted;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one service: {@link StateMachine} made safe for many threads.
 *
 * <p>The state is one reference that changes by compare-and-set; whoever wins publishes the change. Nothing is held
 * while a call runs, and recovery needs no timer: the first call after the deadline is the probe. Reading never changes
 * the state.
 */
public final class Breaker implements Gate {

    private static final AtomicReferenceFieldUpdater<Breaker, Current> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(Breaker.class, Current.class, "current");

    private final String service;
    private final BreakerScope scope;
    private final String name;
    private final @Nullable ScopedBreakers scopes;
    private final @Nullable Detector detector;
    private final Surroundings surroundings;
    private final CallCounts counts = new CallCounts();

    private volatile Thresholds thresholds;

    private volatile Current current;

    private volatile Parts parts = Parts.NONE;

    /**
     * Creates a closed breaker.
     *
     * @param models settings of the models that differ, if it judges a service or a backend; null otherwise
     */
    Breaker(
            String service,
            BreakerScope scope,
            BreakerSettings settings,
            @Nullable Map<String, BreakerSettings> models,
            Surroundings surroundings) {
        this.service = service;
        this.scope = scope;
        this.name = scope.nameWithin(service);
        this.thresholds = Thresholds.of(settings, scope);
        this.surroundings = surroundings;
        boolean detects = scope.isService() && (settings.earlyOpening() || settings.earlyProbing());
        this.detector = detects ? new Detector(time().nanos()) : null;
        this.scopes = models == null ? null : new ScopedBreakers(this, models, surroundings);
        this.current = Current.first(this, machine().initial(time().nanos()));
    }

    /** Name of the service. */
    public String service() {
        return service;
    }

    /** What it judges. */
    public BreakerScope scope() {
        return scope;
    }

    /** What it does with calls now. An open breaker whose deadline has passed stays open until a call probes. */
    public BreakerState state() {
        return machine().current(current.state, time().nanos()).kind();
    }

    /** Whether a call now would be a probe, or would be one if fewer were under way. */
    public boolean awaitsProbe() {
        long now = time().nanos();
        State state = StateMachine.automatic(machine().current(current.state, now));
        return (state instanceof HalfOpen halfOpen && now >= halfOpen.early())
                || (state instanceof Open open && now >= open.until());
    }

    /** Everything that can be seen of it now. */
    public BreakerSnapshot snapshot() {
        Current seen = current;
        long now = time().nanos();
        State state = machine().current(seen.state, now);
        Instant since = state == seen.state ? seen.since : at(state.since());
        return BreakerSnapshot.of(this, state, since, seen, time(), now);
    }

    /** What is expected of its calls now; empty where nothing is learned, as of backends, models and credentials. */
    public Optional<Expectation> expectation() {
        long now = time().nanos();
        return Optional.ofNullable(detector).map(some -> some.expectation(now));
    }

    /**
     * Remembers what calls of the service were like before the application was started, so that it need not be learned anew. To
     * be told once.
     */
    public void recall(PastCalls past) {
        if (detector != null) {
            detector.recall(past, time().nanos());
        }
    }

    /** Refuses all calls until another command or until {@code expiresIn} has passed. */
    public void forceOpen(String reason, @Nullable Duration expiresIn) {
        OperatorCommand.FORCE_OPEN.give(this, reason, expiresIn);
    }

    /** Lets all calls through unwatched until another command or until {@code expiresIn} has passed. */
    public void disable(String reason, @Nullable Duration expiresIn) {
        OperatorCommand.DISABLE.give(this, reason, expiresIn);
    }

    /**
     * Lets all calls through, and goes on judging them and reporting what it would have done, until another command or
     * until {@code expiresIn} has passed.
     */
    public void observe(String reason, @Nullable Duration expiresIn) {
        OperatorCommand.OBSERVE.give(this, reason, expiresIn);
    }

    /**
     * Closes it, and its backends, models and credentials with it; what was learned of failed recoveries stays. Takes no
     * {@code expiresIn}: a service may fail again.
     */
    public void close(String reason, @Nullable Duration expiresIn) {
        OperatorCommand.CLOSE.give(this, reason, expiresIn);
    }

    /**
     * Closes it and forgets failures and failed recoveries, also of its backends, models and credentials. What is usual for the
     * service stays known. Takes no {@code expiresIn}.
     */
    public void reset(String reason, @Nullable Duration expiresIn) {
        OperatorCommand.RESET.give(this, reason, expiresIn);
    }

    /**
     * Keeps it open for a time that somebody knows better, such as the provider. Never shortens a wait, and has no
     * effect while an operator's command holds.
     *
     * @param wait longer than 48 h is ignored as absurd
     * @param refusal what callers are told
     * @param explanation a sentence for people
     */
    public void holdOpen(Duration wait, RejectionReason refusal, String explanation) {
        long now = time().nanos();
        Deadline deadline = Deadline.after(wait, refusal, explanation, now);
        if (deadline != null) {
            parts.hold(deadline, now);
            hold(deadline, now);
        }
    }

    /** As {@link #holdOpen}, for calls refused as {@code OPEN}, but without effect unless it is open already. */
    public void keepOpen(Duration wait, String explanation) {
        long now = time().nanos();
        Deadline deadline = Deadline.after(wait, RejectionReason.OPEN, explanation, now);
        if (deadline != null) {
            parts.extend(deadline, now);
            extend(deadline, now);
        }
    }

    /**
     * Judges by other settings from now on. What has been counted goes on to count, and an open time that has begun keeps its
     * end. Those of its backends, models and credentials stay as they are.
     */
    public void use(BreakerSettings settings) {
        thresholds = Thresholds.of(settings, scope);
        ClosedStay closed = current.closed;
        if (closed != null) {
            closed.window().resize(settings.window().toNanos());
        }
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        return admit(nowNanos, takesPlaces());
    }

    /**
     * As {@link #admit(CallRequest, long)}.
     *
     * @param takesPlace whether a probe needs a place among those of all services
     */
    Admission admit(long nowNanos, boolean takesPlace) {
        Admission answer = ask(nowNanos, takesPlace);
        return answer instanceof Rejection refusal ? refused(refusal, nowNanos) : answer;
    }

    /** As {@link #admit(long, boolean)}, but whether a refusal counts, and holds, is for whoever asks to say. */
    Admission ask(long nowNanos, boolean takesPlace) {
        Current seen = current;
        Permit standing = seen.standing(nowNanos);
        if (standing != null) {
            return standing;
        }
        return seen.state instanceof Open open && nowNanos < open.until() && !isWorthALook(open, nowNanos)
                ? StateMachine.refusal(open, nowNanos)
                : askRules(nowNanos, takesPlace);
    }

    private boolean isWorthALook(Open open, long now) {
        return detector != null && detector.isExperienced() && open.allowsEarlyProbe(now) && detector.mayProbe(now);
    }

    /** Whether a call that is to be refused had better be a probe, or be let through if a provider's time is over. */
    private boolean isProbeDue(State state, long now) {
        State inner = StateMachine.automatic(state);
        if (detector == null || !settings().earlyProbing()) {
            return false;
        }
        if (!detector.isExperienced()) {
            return inner instanceof HalfOpen halfOpen && now >= halfOpen.early();
        }
        if (inner instanceof Open open && now >= open.until()) {
            return open.refusal() == RejectionReason.RATE_LIMITED && detector.allows(-1, now);
        }
        boolean mayProbe = inner instanceof HalfOpen || (inner instanceof Open open && open.allowsEarlyProbe(now));
        return mayProbe && detector.mayProbe(now) && detector.isProbeDue(counts.toldToRefuse() + 1, now);
    }

    private Admission askRules(long now, boolean takesPlace) {
        while (true) {
            Current before = current;
            if (machine().current(before.state, now) != before.state) {
                // told before anything is refused because of it
                move(before, machine().current(before.state, now), now);
                continue;
            }
            boolean probeDue = isProbeDue(before.state, now);
            Admitted admitted =
                    machine().admit(before.state, now, surroundings.luck().getAsDouble(), probeDue);
            if (admitted.rejection() != null) {
                return admitted.rejection();
            }
            ProbePlaces.Place place = null;
            if (admitted.probe() > 0 && takesPlace && !(admitted.state() instanceof Observing)) {
                place = surroundings
                        .places()
                        .take(name, now + settings().probeTimeout().toNanos(), now);
                if (place == null) {
                    return ProbePlaces.ALL_TAKEN;
                }
            }
            Current after = move(before, admitted.state(), now);
            if (after != null && (after.closed == null || after.closed.begin(now))) {
                return permit(after, admitted, place, now);
            }
            if (place != null) {
                surroundings.places().leave(place);
            }
        }
    }

    /** A call takes one place, however many scopes it names: two that wait for each other's would never recover. */
    private boolean takesPlaces() {
        return scopes != null;
    }

    /** Whether a probe would find no place, as it was told a moment ago. */
    boolean lacksPlace(long now) {
        return surroundings.places().lacks(name, now);
    }

    /** The breakers of the models and credentials, if it judges a service or a backend. */
    @Nullable
    ScopedBreakers scopes() {
        return scopes;
    }

    /** What an operator has told it to do now, or any state of its own. */
    State commanded(long now) {
        return machine().current(current.state, now);
    }

    /** Another gate of the service lets a call through because it is observed, and would have refused it otherwise. */
    public void countUnenforced() {
        counts.addUnenforced();
    }

    /** A refusal counts, and holds unless it is observed. */
    Admission refused(Rejection rejection, long now) {
        if (commanded(now) instanceof Observing) {
            countUnenforced();
            return Permit.FREE;
        }
        counts.addRefusal();
        return scope.refined(rejection);
    }

    private Permit permit(Current granting, Admitted admitted, ProbePlaces.@Nullable Place place, long now) {
        if (admitted.probe() > 0) {
            if (detector != null) {
                detector.probe(now);
            }
            return new ProbePermit(this, admitted.stay(), admitted.probe(), place, now);
        }
        return granting.closed == null ? Permit.FREE : granting.closed;
    }

    /** Whether the breaker is still in this stay, and therefore listens to its results. */
    boolean isIn(ClosedStay stay) {
        return current.closed == stay;
    }

    /** Whether it has been closed since a stay, at least to whoever only observes it. */
    boolean wasClosedSince(long stay) {
        return current.lastClosed > stay;
    }

    /** Whether it is not closed, and was in this stay when it last was. */
    boolean wasLastIn(ClosedStay stay) {
        return current.ended == stay;
    }

    /** The window of a closed stay has seen enough. */
    void trip(ClosedStay stay, Reason reason, long notBefore, long now) {
        double luck = surroundings.luck().getAsDouble();
        change(
                now,
                state -> isIn(stay)
                        ? machine().trip(state, StateMachine.automatic(state).stay(), reason, notBefore, now, luck)
                        : state);
    }

    /** The stay goes on, if it was the last one and was ended on a suspicion. */
    void revoke(ClosedStay stay, Reason reason, long now) {
        change(now, state -> wasLastIn(stay) && current.isSuspicion ? machine().revoke(state, reason, now) : state);
    }

    /** A result decides nothing any more, but the provider's deadline may still lengthen a wait. */
    void tooLate(Outcome outcome, long now) {
        counts.addLate(outcome);
        change(now, state -> extend(state, outcome, now));
    }

    /** A call that says nothing about the service may still say when it wants to be called again. */
    void heed(ClosedStay stay, Outcome outcome, long now) {
        change(now, state -> isIn(stay) ? hold(state, outcome, now) : extend(state, outcome, now));
    }

    @Nullable
    Detector detector() {
        return detector;
    }

    Parts parts() {
        return parts;
    }

    /** To be told once, before the first call. */
    void consistsOf(Parts known) {
        parts = known;
    }

    void hold(Deadline deadline, long now) {
        change(now, state -> machine().hold(state, deadline, now));
    }

    /** A wait that another part of the present trouble did not know of. */
    void extend(Deadline deadline, long now) {
        change(now, state -> machine().extend(state, deadline, now));
    }

    State hold(State state, Outcome outcome, long now) {
        Deadline deadline = isLeftToDetector(outcome, settings().earlyOpening()) ? null : Deadline.of(outcome, now);
        return deadline == null ? state : machine().hold(state, deadline, now);
    }

    State extend(State state, Outcome outcome, long now) {
        Deadline deadline = isLeftToDetector(outcome, settings().earlyProbing()) ? null : Deadline.of(outcome, now);
        return deadline == null ? state : machine().extend(state, deadline, now);
    }

    /** A wait that nobody asked for, where the detector knows the service. */
    private boolean isLeftToDetector(Outcome outcome, boolean decides) {
        return decides && detector != null && detector.isExperienced() && Detector.isThrottled(outcome);
    }

    /** Applies the rule to whatever the state then is, and returns what it was. */
    State change(long now, UnaryOperator<State> rule) {
        Current before;
        do {
            before = current;
        } while (move(before, rule.apply(before.state), now) == null);
        return before.state;
    }

    /** What the breaker is in now if nobody was faster, else null. The winner tells of the change. */
    private @Nullable Current move(Current before, State wanted, long now) {
        State next = parts.followed(wanted, now);
        if (next == before.state) {
            return before;
        }
        Current after = before.followedBy(next);
        if (!CURRENT.compareAndSet(this, before, after)) {
            return null;
        }
        if (after.closed != null && after.closed != before.closed) {
            after.closed.window().resize(settings().window().toNanos()); // others may have come into use meanwhile
        }
        tell(before.state, next, now);
        return after;
    }

    private void tell(State from, State to, long now) {
        if (detector != null) {
            tell(detector, StateMachine.automatic(from), StateMachine.automatic(to), now);
        }
        if (from.kind() != to.kind()) {
            publish(from, to, now, false);
            surroundings.places().forget(name);
        } else if (from instanceof Observing was
                && to instanceof Observing is
                && was.inner().kind() != is.inner().kind()) {
            publish(was.inner(), is.inner(), now, true);
        }
    }

    private void tell(Detector told, State from, State to, long now) {
        if (!(to instanceof Closed)) {
            if (from instanceof Closed) {
                told.opened(counts.toldToRefuse(), now);
            }
        } else if (to.reason().rule() == Rule.OPERATOR
                || (to.reason().rule() == Rule.RECOVERED && !settings().earlyProbing())) {
            told.reset(now);
        } else if (to.reason().rule() != Rule.REVOKED && from.stay() != to.stay()) {
            told.closed(now);
        }
    }

    private void publish(State from, State to, long now, boolean hypothetical) {
        Duration wait = to.retryAfter(now);
        surroundings
                .events()
                .publish(new StateChanged(
                        time().at(now), service, scope, from.kind(), to.kind(), to.reason(), wait, hypothetical));
    }

    Instant at(long nanos) {
        return time().at(nanos);
    }

    BreakerSettings settings() {
        return thresholds.settings();
    }

    StateMachine machine() {
        return thresholds.machine();
    }

    /** A longer call is slow. */
    long slowNanos() {
        return thresholds.slowNanos();
    }

    Surroundings surroundings() {
        return surroundings;
    }

    int failedRecoveries(State state, long now) {
        return machine().failedRecoveries(state, now);
    }

    /** Refusals, also those of its models and credentials. */
    long notPermitted() {
        return counts.refused() + (scopes == null ? 0 : scopes.notPermitted());
    }

    private TimeSource time() {
        return surroundings.time();
    }

    CallCounts counts() {
        return counts;
    }

    @Override
    public String toString() {
        return "Breaker[" + name + ", " + current.state.kind() + "]";
    }
}
