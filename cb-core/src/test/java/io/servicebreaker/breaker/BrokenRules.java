package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Lease;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.breaker.StateMachine.Admitted;
import java.util.List;

/** State machines with one mistake each, most of them made by a breaker in the field. */
final class BrokenRules {

    private BrokenRules() {}

    static final class AcceptsLateFailures extends Rules {
        AcceptsLateFailures(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State trip(State state, long stay, long notBefore, long now) {
            return super.trip(state, StateMachine.automatic(state).stay(), notBefore, now);
        }
    }

    static final class AcceptsLateProbes extends Rules {
        AcceptsLateProbes(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            return super.probed(state, StateMachine.automatic(state).stay(), probe, verdict, now);
        }
    }

    static final class AcceptsExpiredProbes extends Rules {
        AcceptsExpiredProbes(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            long justInTime = now;
            if (state instanceof HalfOpen halfOpen) {
                for (Lease lease : halfOpen.probes()) {
                    justInTime = lease.probe() == probe ? Math.min(now, lease.until() - 1) : justInTime;
                }
            }
            return super.probed(state, stay, probe, verdict, justInTime);
        }
    }

    static final class RenewsLateProbes extends Rules {
        RenewsLateProbes(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State renew(State state, long stay, long probe, long now) {
            return super.renew(state, StateMachine.automatic(state).stay(), probe, now);
        }
    }

    static final class KeepsLeaseOnNeutral extends Rules {
        KeepsLeaseOnNeutral(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            return verdict == Verdict.NEUTRAL ? state : super.probed(state, stay, probe, verdict, now);
        }
    }

    static final class MintsOnNeutral extends Rules {
        MintsOnNeutral(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            State next = super.probed(state, stay, probe, verdict, now);
            return verdict == Verdict.NEUTRAL && next instanceof HalfOpen halfOpen && halfOpen.stay() == stay
                    ? with(halfOpen, List.of())
                    : next;
        }
    }

    static final class GrantsOneTooMany extends Rules {
        private final StateMachine generous;

        GrantsOneTooMany(BreakerSettings settings) {
            super(settings);
            generous = new StateMachine(settings.toBuilder()
                    .halfOpenMaxRequests(settings.halfOpenMaxRequests() + 1)
                    .build());
        }

        @Override
        Admitted admit(State state, long now) {
            return generous.admit(state, now, 0);
        }
    }

    static final class NeverEndsALease extends Rules {
        NeverEndsALease(BreakerSettings settings) {
            super(settings);
        }

        @Override
        Admitted admit(State state, long now) {
            Admitted admitted = super.admit(state, now);
            return new Admitted(endless(admitted.state()), admitted.rejection(), admitted.probe());
        }
    }

    static final class ProbesTooEarly extends Rules {
        ProbesTooEarly(BreakerSettings settings) {
            super(settings);
        }

        @Override
        Admitted admit(State state, long now) {
            return super.admit(state, state instanceof Open open && open.until() == now + 1 ? now + 1 : now);
        }
    }

    static final class NeverProbes extends Rules {
        NeverProbes(BreakerSettings settings) {
            super(settings);
        }

        @Override
        Admitted admit(State state, long now) {
            return super.admit(state, state instanceof Open open ? Math.min(now, open.until() - 1) : now);
        }
    }

    static final class ShortensADeadline extends Rules {
        ShortensADeadline(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State hold(State state, long until, long now) {
            return state instanceof Open open && until > now && until < open.until()
                    ? new Open(open.stay(), open.since(), open.reason(), open.failedRecoveries(), until, open.refusal())
                    : super.hold(state, until, now);
        }
    }

    static final class ForgetsFailedRecoveries extends Rules {
        ForgetsFailedRecoveries(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            State next = super.probed(state, stay, probe, verdict, now);
            return next instanceof Closed closed && state instanceof HalfOpen
                    ? new Closed(closed.stay(), now, closed.reason(), 0, now)
                    : next;
        }
    }

    static final class ClosesAfterOneProbe extends Rules {
        ClosesAfterOneProbe(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State probed(State state, long stay, long probe, Verdict verdict, long now) {
            State next = super.probed(state, stay, probe, verdict, now);
            return verdict == Verdict.SUCCESS && next instanceof HalfOpen && next.stay() == stay
                    ? machine.close(next, "one is enough", now)
                    : next;
        }
    }

    static final class ReusesStays extends Rules {
        ReusesStays(BreakerSettings settings) {
            super(settings);
        }

        @Override
        State command(Command command, State state, long expires, long now) {
            return command == Command.RESET
                    ? new Closed(state.stay(), now, state.reason(), 0, now)
                    : super.command(command, state, expires, now);
        }
    }

    private static State endless(State state) {
        return state instanceof HalfOpen halfOpen
                ? with(
                        halfOpen,
                        halfOpen.probes().stream()
                                .map(lease -> new Lease(lease.probe(), State.NEVER))
                                .toList())
                : state;
    }

    private static HalfOpen with(HalfOpen state, List<Lease> probes) {
        return new HalfOpen(
                state.stay(),
                state.since(),
                state.reason(),
                state.failedRecoveries(),
                probes,
                state.granted(),
                state.fast(),
                state.slow(),
                state.early());
    }
}
