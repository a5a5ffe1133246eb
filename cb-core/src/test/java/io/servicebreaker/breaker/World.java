package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.ForcedOpen;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Lease;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A breaker's state, its callers and the time: one node of an exploration.
 *
 * @param fast probes of this stay that succeeded in time, as the exploration itself counted them
 * @param slow probes of this stay that succeeded slowly, likewise
 */
record World(State state, long now, List<Caller> callers, int fast, int slow) {

    /** What a caller has in hand. */
    enum Phase {
        IDLE,
        FREE,
        CLOSED,
        PROBE
    }

    /**
     * A thread that makes one call after the other.
     *
     * @param left calls that it has not begun yet
     * @param stay number of the stay that admitted its call
     * @param probe number of its probe
     * @param until end of its lease
     * @param stale whether the stay that admitted its call has ended
     */
    record Caller(int left, Phase phase, long stay, long probe, long until, boolean stale) {

        static Caller idle(int left) {
            return new Caller(left, Phase.IDLE, 0, 0, 0, false);
        }

        boolean isLiveProbe(long now) {
            return phase == Phase.PROBE && !stale && now < until;
        }

        Caller until(long end) {
            return new Caller(left, phase, stay, probe, end, stale);
        }

        Caller outlived(long stayNow) {
            boolean over = stale || (phase != Phase.IDLE && phase != Phase.FREE && stay != stayNow);
            return over == stale ? this : new Caller(left, phase, stay, probe, until, over);
        }
    }

    State automatic() {
        return StateMachine.automatic(state);
    }

    World at(long time) {
        return new World(state, time, callers, fast, slow);
    }

    /** This world after a change of its breaker and of one of its callers. */
    World with(State next, int index, Caller caller, int newFast, int newSlow) {
        long stay = StateMachine.automatic(next).stay();
        boolean same = stay == automatic().stay();
        List<Caller> others = new ArrayList<>(callers);
        others.set(index, caller);
        others.replaceAll(other -> other.outlived(stay));
        return new World(next, now, others, same ? newFast : 0, same ? newSlow : 0);
    }

    World with(State next) {
        return with(next, 0, callers.get(0), fast, slow);
    }

    /** The next time at which something is due, or {@link State#NEVER}. */
    long nextDeadline(long recoveryNanos) {
        State inner = automatic();
        long next = later(state.expires());
        if (inner instanceof Open open) {
            next = Math.min(next, later(open.until()));
        }
        if (inner instanceof HalfOpen halfOpen) {
            for (Lease lease : halfOpen.probes()) {
                next = Math.min(next, later(lease.until()));
            }
        }
        if (inner instanceof Closed closed) {
            for (int step = 1; step <= closed.failedRecoveries(); step++) {
                next = Math.min(next, later(closed.since() + step * recoveryNanos));
            }
        }
        return next;
    }

    private long later(long time) {
        return time > now ? time : State.NEVER;
    }

    /** Equal for worlds with the same future: times relative to now, stays by identity, callers in any order. */
    String key(long recoveryNanos) {
        StringBuilder key = new StringBuilder(48);
        appendState(key, state, recoveryNanos);
        key.append((char) fast).append((char) slow);
        String[] each = new String[callers.size()];
        for (int i = 0; i < each.length; i++) {
            each[i] = key(callers.get(i));
        }
        Arrays.sort(each);
        for (String one : each) {
            key.append(one);
        }
        return key.toString();
    }

    String stateKey(long recoveryNanos) {
        StringBuilder key = new StringBuilder(16);
        appendState(key, state, recoveryNanos);
        return key.toString();
    }

    private void appendState(StringBuilder key, State part, long recoveryNanos) {
        key.append((char) part.kind().ordinal()).append((char) part.failedRecoveries());
        if (part instanceof Closed closed) {
            key.append((char) Math.min(now - closed.since(), closed.failedRecoveries() * recoveryNanos));
        } else if (part instanceof Open open) {
            key.append(remaining(open.until()));
        } else if (part instanceof HalfOpen halfOpen) {
            key.append((char) halfOpen.fast()).append((char) halfOpen.slow());
            key.append((char) halfOpen.probes().size());
            for (Lease lease : halfOpen.probes()) {
                key.append(remaining(lease.until()));
            }
        } else {
            key.append(remaining(part.expires()));
        }
        appendInterrupted(key, part);
        if (part instanceof Observing observing) {
            appendState(key, observing.inner(), recoveryNanos);
        }
    }

    private void appendInterrupted(StringBuilder key, State part) {
        Open interrupted = part instanceof ForcedOpen forced
                ? forced.interrupted()
                : part instanceof Disabled disabled ? disabled.interrupted() : null;
        if (interrupted != null) {
            key.append('I').append(remaining(interrupted.until()));
        }
    }

    private String key(Caller caller) {
        int claim = 0;
        if (!caller.stale && caller.phase == Phase.PROBE) {
            claim = 1;
            if (automatic() instanceof HalfOpen halfOpen) {
                for (int i = 0; i < halfOpen.probes().size(); i++) {
                    claim = halfOpen.probes().get(i).probe() == caller.probe ? 2 + i : claim;
                }
            }
        }
        return new String(
                new char[] {(char) caller.left, (char) caller.phase.ordinal(), caller.stale ? 'S' : 'C', (char) claim});
    }

    private char remaining(long time) {
        return time == State.NEVER ? Character.MAX_VALUE : (char) Math.max(0, time - now);
    }
}
