package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Rules.Command;
import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.ForcedOpen;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Lease;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.breaker.StateMachine.Admitted;
import io.servicebreaker.breaker.World.Caller;
import io.servicebreaker.breaker.World.Phase;
import io.servicebreaker.call.RejectionReason;
import java.util.HashMap;
import java.util.Map;

/** What must hold in every world that an exploration reaches and on every step between two of them. */
final class Invariants {

    private final Rules rules;
    private final long recoveryNanos;
    private final long probeNanos;
    private final int places;

    Invariants(Rules rules) {
        this.rules = rules;
        this.recoveryNanos = rules.settings.recoveryTimeout().toNanos();
        this.probeNanos = rules.settings.probeTimeout().toNanos();
        this.places = rules.settings.halfOpenMaxRequests();
    }

    /** Leases and running probes are the same, never too many; what the breaker counted is what happened. */
    void checkWorld(World world) {
        Map<Long, Long> running = new HashMap<>();
        for (Caller caller : world.callers()) {
            require(isAlive(world, caller), world, "a stay that has ended came back for a call that it admitted");
            if (caller.isLiveProbe(world.now())) {
                Long twin = running.put(caller.probe(), caller.until());
                require(twin == null, world, "two probes share a number");
            }
        }
        require(running.size() <= places, world, "more probes in flight than allowed");
        if (inner(world) instanceof HalfOpen halfOpen) {
            Map<Long, Long> leased = new HashMap<>();
            for (Lease lease : halfOpen.probes()) {
                if (world.now() < lease.until()) {
                    leased.put(lease.probe(), lease.until());
                }
            }
            require(leased.equals(running), world, "leases %s are not the running probes %s", leased, running);
            boolean counted = halfOpen.fast() == world.fast() && halfOpen.slow() == world.slow();
            require(counted, world, "the probes were miscounted");
            require(world.fast() + world.slow() < places, world, "half-open after enough probes");
        } else {
            require(running.isEmpty(), world, "probes run though it is not half-open");
        }
        require(world.state().failedRecoveries() >= 0, world, "negative failed recoveries");
    }

    private boolean isAlive(World world, Caller caller) {
        State inner = inner(world);
        return caller.phase() == Phase.IDLE
                || caller.phase() == Phase.FREE
                || caller.stale() != isCounted(inner, caller);
    }

    private static boolean isCounted(State inner, Caller caller) {
        return inner.stay() == caller.stay() && (inner instanceof Closed || inner instanceof HalfOpen);
    }

    void checkAdmission(World before, Admitted admitted, World after) {
        long now = before.now();
        State was = inner(before);
        boolean observing = rules.current(before.state(), now) instanceof Observing;
        require(observing == admitted.state() instanceof Observing, before, "asking ended the observation");
        if (was instanceof Open open) {
            checkAdmissionOfOpen(before, open, admitted);
        } else if (was instanceof HalfOpen halfOpen) {
            checkAdmissionOfHalfOpen(before, halfOpen, admitted);
        } else {
            require(StateMachine.automatic(admitted.state()).equals(was), before, "asking changed the state");
            require((admitted.rejection() != null) == was instanceof ForcedOpen, before, "refused without a reason");
            require(admitted.probe() == 0, before, "a probe of a breaker that does not probe");
        }
        checkMove(before, after);
    }

    private void checkAdmissionOfOpen(World before, Open open, Admitted admitted) {
        long left = open.until() - before.now();
        if (left > 0) {
            require(admitted.rejection() != null, before, "let a call through before the deadline");
            require(admitted.rejection().retryAfterNanos() == left, before, "told the wrong time to wait");
            require(StateMachine.automatic(admitted.state()).equals(open), before, "a refusal changed the state");
        } else {
            require(admitted.probe() > 0, before, "refused though the deadline has passed");
            boolean fresh = StateMachine.automatic(admitted.state()) instanceof HalfOpen next
                    && next.stay() > open.stay()
                    && next.fast() + next.slow() == 0;
            require(fresh, before, "probing did not begin from nothing");
        }
    }

    private void checkAdmissionOfHalfOpen(World before, HalfOpen halfOpen, Admitted admitted) {
        long first = State.NEVER;
        int live = 0;
        for (Caller caller : before.callers()) {
            if (caller.isLiveProbe(before.now())) {
                live++;
                first = Math.min(first, caller.until());
            }
        }
        require((admitted.probe() > 0) == live < places, before, "granted %s beside %s", admitted, live);
        require((admitted.rejection() == null) == live < places, before, "granted %s beside %s", admitted, live);
        if (admitted.rejection() != null) {
            boolean told = admitted.rejection().retryAfterNanos() == first - before.now();
            require(told, before, "told the wrong time to wait");
        }
        require(StateMachine.automatic(admitted.state()).stay() == halfOpen.stay(), before, "asking ended the stay");
    }

    void checkClosedResult(World before, Caller caller, World after, String how) {
        boolean decides = !caller.stale() && !"counts".equals(how);
        require(
                !decides || inner(after) instanceof Open,
                before,
                "a result of this stay that %s does not open it",
                how);
        if (caller.stale()) {
            checkUnmoved(before, after, "a late result of a closed stay");
        }
        checkMove(before, after);
    }

    void checkProbeResult(World before, Caller caller, Verdict verdict, World after) {
        if (!caller.isLiveProbe(before.now())) {
            checkNothing(before, after, "a late probe");
            return;
        }
        int fast = before.fast() + (verdict == Verdict.SUCCESS ? 1 : 0);
        int slow = before.slow() + (verdict == Verdict.SLOW ? 1 : 0);
        BreakerState expected;
        if (verdict == Verdict.FAILURE) {
            expected = BreakerState.OPEN;
        } else if (fast + slow < places) {
            expected = BreakerState.HALF_OPEN;
        } else {
            double share = (double) slow / (fast + slow);
            expected = share >= rules.settings.slowCallRateThreshold() ? BreakerState.OPEN : BreakerState.CLOSED;
        }
        State next = inner(after);
        require(next.kind() == expected, before, "after %s it is not %s but %s", verdict, expected, next);
        if (next instanceof Open open) {
            int failures = inner(before).failedRecoveries() + 1;
            require(open.failedRecoveries() == failures, before, "a failed recovery was not counted");
            require(open.until() == before.now() + openTime(failures), before, "wrong open time %s", open);
        } else {
            require(next.failedRecoveries() == inner(before).failedRecoveries(), before, "failed recoveries changed");
        }
    }

    void checkProgress(World before, boolean listens, World after) {
        if (listens) {
            boolean same = inner(after) instanceof HalfOpen is
                    && inner(before) instanceof HalfOpen was
                    && is.stay() == was.stay()
                    && is.granted() == was.granted();
            require(same, before, "progress of a probe changed more than its lease");
        } else {
            checkNothing(before, after, "progress of a late probe");
        }
    }

    /** A deadline of the provider. It begins an open time only if it comes from outside or from this stay. */
    void checkHold(World before, World after, long until, boolean begins) {
        State was = inner(before);
        State is = inner(after);
        boolean held = was instanceof Open || (begins && (was instanceof Closed || was instanceof HalfOpen));
        if (!held) {
            checkNothing(before, after, "a deadline");
            return;
        }
        long longest = was instanceof Open open ? Math.max(open.until(), until) : until;
        require(is instanceof Open open && open.until() == longest, before, "not held until %s: %s", longest, is);
        int expected = was instanceof Closed closed ? decayed(closed, before.now()) : was.failedRecoveries();
        require(is.failedRecoveries() == expected, before, "a deadline changed failed recoveries: %s", is);
        checkMove(before, after);
    }

    void checkCommand(World before, World after, Command command) {
        require(after.state().stay() > before.automatic().stay(), before, "%s began no stay of its own", command);
        State was = inner(before);
        State is = inner(after);
        if (command == Command.OBSERVE) {
            boolean kept = is.equals(was) || !(was instanceof Closed || was instanceof Open || was instanceof HalfOpen);
            require(kept, before, "observing changed what is observed");
        }
        if (command == Command.CLOSE || command == Command.RESET) {
            require(is instanceof Closed, before, "%s did not close", command);
        }
        require(command != Command.RESET || is.failedRecoveries() == 0, before, "a reset remembers");
    }

    /** From here some calls, and no operator, lead to a closed breaker, whatever becomes of the calls under way. */
    void checkWayOut(World world) {
        State state = world.state();
        long now = world.now();
        for (int i = 0; i < 4 * places + 8; i++) {
            State inner = StateMachine.automatic(rules.current(state, now));
            boolean held = (inner instanceof ForcedOpen || inner instanceof Disabled) && inner.expires() == State.NEVER;
            if (inner instanceof Closed || held) {
                return;
            }
            now = inner instanceof Open open ? Math.max(now, open.until()) : Math.max(now, later(inner.expires(), now));
            Admitted admitted = rules.admit(state, now);
            if (admitted.rejection() != null) {
                now += Math.max(1, admitted.rejection().retryAfterNanos());
            } else if (admitted.probe() > 0) {
                now += 1;
                long stay = StateMachine.automatic(admitted.state()).stay();
                state = rules.probed(admitted.state(), stay, admitted.probe(), Verdict.SUCCESS, now);
            } else {
                state = admitted.state();
            }
        }
        throw new AssertionError("no way out of " + world);
    }

    private static long later(long time, long now) {
        return time == State.NEVER ? now : time;
    }

    void checkNothing(World before, World after, String what) {
        State was = inner(before);
        State is = inner(after);
        require(was.equals(is), before, "%s changed the state to %s", what, is);
    }

    private void checkUnmoved(World before, World after, String what) {
        if (inner(before) instanceof Open was && inner(after) instanceof Open is) {
            require(is.stay() == was.stay() && is.until() >= was.until(), before, "%s shortened the wait", what);
        } else {
            checkNothing(before, after, what);
        }
    }

    /** Holds on every step without an operator. */
    private void checkMove(World before, World after) {
        State was = inner(before);
        State is = inner(after);
        require(is.stay() >= was.stay(), before, "a stay came back");
        require(is.stay() > was.stay() || is.kind() == was.kind(), before, "a new state in an old stay");
        if (was instanceof Open from && is instanceof Open to) {
            require(to.until() >= from.until(), before, "the deadline was shortened");
        }
        if (was instanceof Closed closed && is instanceof Open open) {
            int expected = decayed(closed, before.now());
            require(open.failedRecoveries() == expected, before, "failed recoveries should be %s: %s", expected, is);
            boolean longEnough =
                    open.refusal() != RejectionReason.OPEN || open.until() >= before.now() + openTime(expected);
            require(longEnough, before, "open too briefly: %s", open);
        }
        require(!(was instanceof Open && is instanceof Closed), before, "closed without a probe");
        require(!(was instanceof Closed && is instanceof HalfOpen), before, "half-open without having been open");
    }

    private int decayed(Closed closed, long now) {
        return (int) Math.max(0, closed.failedRecoveries() - (now - closed.since()) / recoveryNanos);
    }

    private long openTime(int failures) {
        double grown = recoveryNanos * Math.pow(rules.settings.recoveryBackoffMultiplier(), failures);
        return (long) Math.min(grown, rules.settings.maxRecoveryTimeout().toNanos());
    }

    private State inner(World world) {
        return StateMachine.automatic(rules.current(world.state(), world.now()));
    }

    private static void require(boolean holds, World world, String what, Object... details) {
        if (!holds) {
            throw new AssertionError(String.format(what, details) + " in " + world);
        }
    }
}
