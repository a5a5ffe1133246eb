package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.ForcedOpen;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Lease;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a breaker: (state, event, time) → state.
 *
 * <p>Pure: no clock, no chance, no lock, nothing remembered. Chance comes in as {@code luck}, a number from 0 inclusive
 * to 1 exclusive. Counting the calls of a closed breaker is not done here but in {@link ClosedStay}, which asks for
 * {@link #trip} when its window says so.
 */
final class StateMachine {

    /** The share of calls let through at the start of a ramp. */
    private static final double RAMP_START = 0.1;

    static final long NO_RAMP = 0;
    private static final String RAMPING = "the service has just recovered, a growing share of calls is let through";

    private final BreakerSettings settings;
    private final OpenTimes openTimes;
    private final long recoveryNanos;
    private final long probeNanos;
    private final long rampNanos;

    StateMachine(BreakerSettings settings) {
        this.settings = settings;
        this.openTimes = new OpenTimes(settings);
        this.recoveryNanos = settings.recoveryTimeout().toNanos();
        this.probeNanos = settings.probeTimeout().toNanos();
        this.rampNanos = settings.recoveryRamp().toNanos();
    }

    /**
     * The answer to a call.
     *
     * @param state what the breaker is in afterwards
     * @param rejection the refusal, or null for leave to call
     * @param probe number of the probe that was granted, or 0
     */
    record Admitted(State state, @Nullable Rejection rejection, long probe) {

        /** The stay that answered. */
        long stay() {
            return automatic(state).stay();
        }
    }

    State initial(long now) {
        return new Closed(1, now, new Reason(Rule.START, "no trouble since the start"), 0, NO_RAMP);
    }

    /** The same state, or what follows an operator's command whose time is over. Reading it changes nothing. */
    State current(State state, long now) {
        if (state instanceof ForcedOpen forced && now >= forced.expires()) {
            return Interruption.expired(forced);
        }
        if (state instanceof Disabled disabled && now >= disabled.expires()) {
            return Interruption.expired(disabled);
        }
        if (state instanceof Observing observing && now >= observing.expires()) {
            return observing.inner();
        }
        return state;
    }

    /** Admits a call where it is not known that a probe is worth it before the open time is over. */
    Admitted admit(State before, long now, double luck) {
        return admit(before, now, luck, false);
    }

    /**
     * Admits a call.
     *
     * @param probeDue whether a probe is worth it although the open time is not over
     */
    Admitted admit(State before, long now, double luck, boolean probeDue) {
        State state = current(before, now);
        if (state instanceof Closed closed) {
            return admitClosed(closed, now, luck);
        }
        if (state instanceof Open open) {
            if (now >= open.until() && probeDue && open.refusal() == RejectionReason.RATE_LIMITED) {
                return new Admitted(recovered(open, now), null, 0);
            }
            return now >= open.until() || (probeDue && open.allowsEarlyProbe(now))
                    ? probe(halfOpen(open, now), now)
                    : new Admitted(open, refusal(open, now), 0);
        }
        if (state instanceof HalfOpen halfOpen) {
            long next = settings.earlyProbing() ? nextProbe(halfOpen) : halfOpen.early();
            return probeDue || now >= next
                    ? probe(halfOpen, now)
                    : refuse(halfOpen, RejectionReason.HALF_OPEN_FULL, next - now);
        }
        if (state instanceof ForcedOpen forced) {
            return refuse(forced, RejectionReason.FORCED_OPEN, remaining(forced.expires(), now));
        }
        if (state instanceof Observing observing) {
            Admitted inner = admit(observing.inner(), now, luck, probeDue);
            return new Admitted(with(observing, inner.state()), inner.rejection(), inner.probe());
        }
        return new Admitted(state, null, 0);
    }

    /** The refusal of every call before the deadline, without asking any other rule. */
    static Rejection refusal(Open open, long now) {
        return new Rejection(
                open.refusal(),
                scope(open.refusal()),
                open.until() - now,
                open.reason().sentence());
    }

    /** Limits, quotas and refused credentials belong to the account: another one could call. */
    private static RejectionScope scope(RejectionReason reason) {
        return switch (reason) {
            case RATE_LIMITED, QUOTA_EXHAUSTED, AUTHENTICATION_FAILED -> RejectionScope.CREDENTIAL;
            default -> RejectionScope.SERVICE;
        };
    }

    /** Whether a probe is under way within its lease, so that its result counts. */
    boolean awaits(State before, long stay, long probe, long now) {
        return automatic(current(before, now)) instanceof HalfOpen halfOpen
                && halfOpen.stay() == stay
                && without(halfOpen.probes(), probe, now) != null;
    }

    /** A probe has received another piece of its answer: its lease begins anew, unless it is over. */
    State renew(State before, long stay, long probe, long now) {
        State state = current(before, now);
        if (state instanceof Observing observing) {
            return with(observing, renew(observing.inner(), stay, probe, now));
        }
        if (!(state instanceof HalfOpen halfOpen) || halfOpen.stay() != stay) {
            return state;
        }
        List<Lease> others = without(halfOpen.probes(), probe, now);
        return others == null ? state : granted(halfOpen, others, probe, now);
    }

    /** A probe has ended. Only the stay that granted it, within its lease, learns from it. */
    State probed(
            State before, long stay, long probe, Verdict verdict, @Nullable FailureCause cause, long now, double luck) {
        return probed(before, stay, probe, verdict, cause, null, now, luck);
    }

    /**
     * A probe has ended. Only the stay that granted it, within its lease, learns from it.
     *
     * @param trusted why a success is enough to close, where it is
     */
    State probed(
            State before,
            long stay,
            long probe,
            Verdict verdict,
            @Nullable FailureCause cause,
            @Nullable String trusted,
            long now,
            double luck) {
        State state = current(before, now);
        if (state instanceof Observing observing) {
            return with(observing, probed(observing.inner(), stay, probe, verdict, cause, trusted, now, luck));
        }
        if (!(state instanceof HalfOpen halfOpen) || halfOpen.stay() != stay) {
            return state;
        }
        List<Lease> others = without(halfOpen.probes(), probe, now);
        if (others == null) {
            return state;
        }
        int fast = halfOpen.fast() + (verdict == Verdict.SUCCESS ? 1 : 0);
        int slow = halfOpen.slow() + (verdict == Verdict.SLOW ? 1 : 0);
        if (verdict == Verdict.FAILURE) {
            FailureCause why = cause == null ? FailureCause.UNKNOWN : cause;
            return reopen(halfOpen, Rule.FAILED_PROBE, "a probe failed (" + why + ")", Map.of(why, 1), now, luck);
        }
        if (trusted != null && verdict != Verdict.NEUTRAL) {
            return recovered(halfOpen, new Reason(Rule.RECOVERED, trusted), now);
        }
        if (fast + slow < settings.halfOpenMaxRequests()) {
            return halfOpen.with(others, halfOpen.granted(), fast, slow);
        }
        if ((double) slow / (fast + slow) >= settings.slowCallRateThreshold()) {
            String sentence = slow + " of " + (fast + slow) + " probes were slow";
            return reopen(halfOpen, Rule.SLOW_PROBES, sentence, Map.of(), now, luck);
        }
        return recovered(halfOpen, new Reason(Rule.RECOVERED, (fast + slow) + " probes succeeded"), now);
    }

    /** A time that the provider named is over, and nothing else is known against it. */
    private Closed recovered(Open state, long now) {
        Reason reason = new Reason(
                Rule.RECOVERED, "the provider's time is over: " + state.reason().sentence());
        return recovered(state, reason, now);
    }

    private Closed recovered(State state, Reason reason, long now) {
        long rampUntil = rampNanos == 0 ? NO_RAMP : now + rampNanos;
        return new Closed(state.stay() + 1, now, reason, state.failedRecoveries(), rampUntil);
    }

    /**
     * The window of a closed stay says that the service does not work.
     *
     * @param notBefore a time before which the provider does not want to be called, or 0
     */
    State trip(State before, long stay, Reason reason, long notBefore, long now, double luck) {
        State state = current(before, now);
        if (state instanceof Observing observing) {
            return with(observing, trip(observing.inner(), stay, reason, notBefore, now, luck));
        }
        if (!(state instanceof Closed closed) || closed.stay() != stay) {
            return state;
        }
        int failedRecoveries = failedRecoveries(closed, now);
        long until = Math.max(notBefore, now + openTimes.nanos(failedRecoveries, luck));
        return openTimes.opened(stay + 1, reason, failedRecoveries, until, notBefore, now);
    }

    /** What was suspected of calls under way is not so. */
    State revoke(State before, Reason reason, long now) {
        State state = current(before, now);
        if (state instanceof Observing observing) {
            return with(observing, revoke(observing.inner(), reason, now));
        }
        boolean isEarly = (state instanceof Open open && open.allowsEarlyProbe(now))
                || (state instanceof HalfOpen halfOpen && now < halfOpen.early());
        return isEarly ? new Closed(state.stay() + 1, now, reason, state.failedRecoveries(), NO_RAMP) : state;
    }

    /** The service is not to be called before a time. It never shortens a wait. */
    State hold(State before, Deadline deadline, long now) {
        State state = current(before, now);
        if (deadline.until() <= now) {
            return state;
        }
        if (state instanceof Observing observing) {
            return with(observing, hold(observing.inner(), deadline, now));
        }
        Reason reason = new Reason(
                Rule.PROVIDER_DEADLINE,
                deadline.sentence(),
                deadline.addedTo(state.reason().causes()),
                deadline.decidedBy());
        int failed = failedRecoveries(state, now);
        if (state instanceof Open open) {
            return deadline.until() <= open.until()
                    ? open.notBefore(deadline)
                    : openTimes.held(open, open.stay(), open.since(), reason, failed, deadline, now);
        }
        return state instanceof Closed || state instanceof HalfOpen
                ? openTimes.held(state, state.stay() + 1, now, reason, failed, deadline, now)
                : state;
    }

    /** What a call of an earlier stay was told can lengthen a wait, but not begin one. */
    State extend(State before, Deadline deadline, long now) {
        State state = current(before, now);
        return automatic(state) instanceof Open ? hold(state, deadline, now) : state;
    }

    State forceOpen(State before, String reason, long expires, long now) {
        State state = current(before, now);
        int failed = failedRecoveries(automatic(state), now);
        return new ForcedOpen(
                Interruption.nextStay(state),
                now,
                Interruption.byOperator(reason),
                failed,
                expires,
                Interruption.interrupted(state));
    }

    State disable(State before, String reason, long expires, long now) {
        State state = current(before, now);
        int failed = failedRecoveries(automatic(state), now);
        return new Disabled(
                Interruption.nextStay(state),
                now,
                Interruption.byOperator(reason),
                failed,
                expires,
                Interruption.interrupted(state));
    }

    State observe(State before, String reason, long expires, long now) {
        State state = current(before, now);
        State inner = automatic(state);
        boolean isAutomatic = inner instanceof Closed || inner instanceof Open || inner instanceof HalfOpen;
        State watched = isAutomatic ? inner : Interruption.resumed(inner, now, Interruption.byOperator(reason));
        return new Observing(Interruption.nextStay(watched), now, Interruption.byOperator(reason), expires, watched);
    }

    /** Closes without a ramp; what is known of failed recoveries stays known. */
    State close(State state, String reason, long now) {
        return new Closed(
                Interruption.nextStay(state),
                now,
                Interruption.byOperator(reason),
                failedRecoveries(automatic(state), now),
                NO_RAMP);
    }

    /** As new. */
    State reset(State state, String reason, long now) {
        return new Closed(Interruption.nextStay(state), now, Interruption.byOperator(reason), 0, NO_RAMP);
    }

    /** Failed recoveries that still lengthen the next open time: each healthy recovery time takes one off. */
    int failedRecoveries(State state, long now) {
        long healthySteps = state instanceof Closed ? Math.max(0, now - state.since()) / recoveryNanos : 0;
        return (int) Math.max(0, state.failedRecoveries() - healthySteps);
    }

    private Admitted admitClosed(Closed closed, long now, double luck) {
        if (now < closed.rampUntil()) {
            double share = Math.max(RAMP_START, (double) (now - closed.since()) / rampNanos);
            if (luck >= share) {
                return refuse(closed, RejectionReason.TOO_MANY_CALLS, Rejection.UNKNOWN_TIME, RAMPING);
            }
        }
        return new Admitted(closed, null, 0);
    }

    private HalfOpen halfOpen(Open open, long now) {
        Reason reason = new Reason(
                Rule.PROBING,
                (now < open.until() ? "a probe is worth it; before: " : "the open time is over; before: ")
                        + open.reason().sentence(),
                open.reason().causes());
        long early = now < open.until() ? open.until() : 0;
        return new HalfOpen(open.stay() + 1, now, reason, open.failedRecoveries(), List.of(), 0, 0, 0, early);
    }

    private Admitted probe(HalfOpen state, long now) {
        List<Lease> live = new ArrayList<>(state.probes().size() + 1);
        long nextFree = State.NEVER;
        for (Lease lease : state.probes()) {
            if (now < lease.until()) {
                live.add(lease);
                nextFree = Math.min(nextFree, lease.until());
            }
        }
        if (live.size() >= settings.halfOpenMaxRequests()) {
            return refuse(state, RejectionReason.HALF_OPEN_FULL, nextFree - now);
        }
        long number = state.granted() + 1;
        return new Admitted(granted(state, live, number, now), null, number);
    }

    /** Of what no probe has said for a whole open time the next one has to tell; each that said nothing lengthens that. */
    private long nextProbe(HalfOpen state) {
        long next = state.early();
        for (int i = 0; i < state.probes().size(); i++) {
            long granted = state.probes().get(i).until() - probeNanos;
            int unheard = (int) (state.granted() - state.fast() - state.slow());
            next = Math.max(
                    next, granted + Math.max(probeNanos, openTimes.nanos(state.failedRecoveries() + unheard, 0)));
        }
        return next;
    }

    private State granted(HalfOpen state, List<Lease> others, long probe, long now) {
        List<Lease> probes = new ArrayList<>(others);
        probes.add(new Lease(probe, now + probeNanos));
        return state.with(probes, Math.max(probe, state.granted()), state.fast(), state.slow());
    }

    private State reopen(
            HalfOpen state, Rule rule, String sentence, Map<FailureCause, Integer> causes, long now, double luck) {
        if (now < state.early()) {
            Reason reason = new Reason(rule, sentence + ", before the open time was over", causes);
            return openTimes.opened(state.stay() + 1, reason, state.failedRecoveries(), state.early(), 0, now);
        }
        int failedRecoveries = state.failedRecoveries() + 1;
        Reason reason = new Reason(rule, sentence + ", failed recovery number " + failedRecoveries, causes);
        long until = now + openTimes.nanos(failedRecoveries, luck);
        return openTimes.opened(state.stay() + 1, reason, failedRecoveries, until, 0, now);
    }

    /** The other leases, or null if this one does not exist or is over. */
    private static @Nullable List<Lease> without(List<Lease> leases, long probe, long now) {
        List<Lease> others = new ArrayList<>(leases.size());
        boolean found = false;
        for (Lease lease : leases) {
            if (lease.probe() != probe) {
                others.add(lease);
            } else {
                found = now < lease.until();
            }
        }
        return found ? List.copyOf(others) : null;
    }

    private static Admitted refuse(State state, RejectionReason reason, long retryAfterNanos) {
        return refuse(state, reason, retryAfterNanos, state.reason().sentence());
    }

    private static Admitted refuse(State state, RejectionReason reason, long retryAfterNanos, String why) {
        return new Admitted(state, new Rejection(reason, RejectionScope.SERVICE, retryAfterNanos, why), 0);
    }

    static State with(Observing observing, State inner) {
        return inner.equals(observing.inner())
                ? observing
                : new Observing(observing.stay(), observing.since(), observing.reason(), observing.expires(), inner);
    }

    /** The state without the operator who only observes. */
    static State automatic(State state) {
        return state instanceof Observing observing ? observing.inner() : state;
    }

    private static long remaining(long expires, long now) {
        return expires == State.NEVER ? Rejection.UNKNOWN_TIME : expires - now;
    }
}
