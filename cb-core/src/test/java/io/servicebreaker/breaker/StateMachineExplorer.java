package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Rules.Command;
import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.StateMachine.Admitted;
import io.servicebreaker.breaker.World.Caller;
import io.servicebreaker.breaker.World.Phase;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Walks breadth-first through everything that can happen to a breaker with a few callers, and lets {@link Invariants}
 * look at each step.
 *
 * <p>A caller asks, runs with what it was granted, and finishes in every possible way. What the window of a closed
 * breaker would say is left open: each result may or may not trip it. Time moves to just before the next deadline and to
 * it. A provider may name a deadline with any result and without one.
 */
final class StateMachineExplorer {

    private static final long START = 1_000;
    /** Waits that a provider asks for: less and more than the first open time. */
    private static final long[] WAITS = {2, 7};

    private static final long EXPIRY = 3;

    private final Rules rules;
    private final Invariants invariants;
    private final long recoveryNanos;
    private final long probeNanos;
    private final boolean commands;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> seenStates = new HashSet<>();
    private final Deque<World> frontier = new ArrayDeque<>();
    private final Map<BreakerState, Integer> kinds = new EnumMap<>(BreakerState.class);
    private long steps;

    StateMachineExplorer(Rules rules, boolean commands) {
        this.rules = rules;
        this.invariants = new Invariants(rules);
        this.recoveryNanos = rules.settings.recoveryTimeout().toNanos();
        this.probeNanos = rules.settings.probeTimeout().toNanos();
        this.commands = commands;
    }

    /**
     * What an exploration has seen.
     *
     * @param worlds different states of the breaker with its callers
     * @param states different states of the breaker alone
     */
    record Explored(int worlds, int states, long steps, Map<BreakerState, Integer> kinds) {}

    /** Visits all that callers can reach who make so many calls each. Throws an error at the first broken rule. */
    Explored explore(int callers, int calls) {
        State initial = rules.machine.initial(START);
        reach(new World(initial, START, Collections.nCopies(callers, Caller.idle(calls)), 0, 0));
        while (!frontier.isEmpty()) {
            expand(frontier.poll());
        }
        return new Explored(seen.size(), seenStates.size(), steps, kinds);
    }

    private void expand(World world) {
        for (int i = 0; i < world.callers().size(); i++) {
            Caller caller = world.callers().get(i);
            if (i > 0 && caller.equals(world.callers().get(i - 1))) {
                continue;
            }
            switch (caller.phase()) {
                case IDLE -> ask(world, i, caller);
                case FREE -> reach(world.with(world.state(), i, done(caller), world.fast(), world.slow()));
                case CLOSED -> finishClosed(world, i, caller);
                case PROBE -> finishProbe(world, i, caller);
            }
        }
        holdFromOutside(world);
        passTime(world);
        if (commands) {
            command(world);
        }
    }

    private void ask(World world, int index, Caller caller) {
        if (caller.left() == 0) {
            return;
        }
        Admitted admitted = rules.admit(world.state(), world.now());
        Caller next = begun(caller, admitted, world.now());
        boolean refused = next.phase() == Phase.IDLE;
        // A refusal leaves the breaker as it is, but for a command that has expired, just as its wrapper does.
        World after = refused
                ? world.with(rules.current(world.state(), world.now()), index, next, world.fast(), world.slow())
                : world.with(admitted.state(), index, next, world.fast(), world.slow());
        invariants.checkAdmission(world, admitted, after);
        step(after);
    }

    private Caller begun(Caller caller, Admitted admitted, long now) {
        int left = caller.left() - 1;
        boolean observed = admitted.state() instanceof Observing;
        if (admitted.rejection() != null) {
            return observed ? new Caller(left, Phase.FREE, 0, 0, 0, false) : Caller.idle(left);
        }
        long stay = StateMachine.automatic(admitted.state()).stay();
        if (admitted.probe() > 0) {
            return new Caller(left, Phase.PROBE, stay, admitted.probe(), now + probeNanos, false);
        }
        boolean closed = StateMachine.automatic(admitted.state()) instanceof Closed;
        return new Caller(left, closed ? Phase.CLOSED : Phase.FREE, stay, 0, 0, false);
    }

    private static Caller done(Caller caller) {
        return Caller.idle(caller.left());
    }

    private void finishClosed(World world, int index, Caller caller) {
        finished(world, index, caller, world.state(), "counts");
        long now = world.now();
        finished(world, index, caller, rules.trip(world.state(), caller.stay(), 0, now), "trips");
        for (long wait : WAITS) {
            long until = now + wait;
            finished(world, index, caller, rules.trip(world.state(), caller.stay(), until, now), "trips with a wait");
            State told =
                    caller.stale() ? rules.extend(world.state(), until, now) : rules.hold(world.state(), until, now);
            finished(world, index, caller, told, "is told to wait");
        }
    }

    private void finished(World world, int index, Caller caller, State next, String how) {
        World after = world.with(next, index, done(caller), world.fast(), world.slow());
        invariants.checkClosedResult(world, caller, after, how);
        step(after);
    }

    private void progress(World world, int index, Caller caller) {
        State renewed = rules.renew(world.state(), caller.stay(), caller.probe(), world.now());
        boolean listens = caller.isLiveProbe(world.now());
        Caller next = listens ? caller.until(world.now() + probeNanos) : caller;
        World after = world.with(renewed, index, next, world.fast(), world.slow());
        invariants.checkProgress(world, listens, after);
        step(after);
    }

    private void finishProbe(World world, int index, Caller caller) {
        progress(world, index, caller);
        for (Verdict verdict : Verdict.values()) {
            State judged = rules.probed(world.state(), caller.stay(), caller.probe(), verdict, world.now());
            probed(world, index, caller, verdict, judged);
            for (long wait : WAITS) {
                long until = world.now() + wait;
                boolean begins = verdict == Verdict.NEUTRAL && caller.isLiveProbe(world.now());
                State told = begins ? rules.hold(judged, until, world.now()) : rules.extend(judged, until, world.now());
                World middle = world.with(judged);
                invariants.checkHold(middle, middle.with(told), until, begins);
                reach(counted(world, index, caller, verdict, told));
            }
        }
    }

    private void probed(World world, int index, Caller caller, Verdict verdict, State judged) {
        World after = counted(world, index, caller, verdict, judged);
        invariants.checkProbeResult(world, caller, verdict, after);
        step(after);
    }

    private World counted(World world, int index, Caller caller, Verdict verdict, State next) {
        boolean listens = caller.isLiveProbe(world.now());
        int fast = world.fast() + (listens && verdict == Verdict.SUCCESS ? 1 : 0);
        int slow = world.slow() + (listens && verdict == Verdict.SLOW ? 1 : 0);
        return world.with(next, index, done(caller), fast, slow);
    }

    private void holdFromOutside(World world) {
        for (long wait : WAITS) {
            long until = world.now() + wait;
            World after = world.with(rules.hold(world.state(), until, world.now()));
            invariants.checkHold(world, after, until, true);
            step(after);
        }
        for (long wait : new long[] {-1, 0}) {
            State ignored = rules.hold(world.state(), world.now() + wait, world.now());
            invariants.checkNothing(world, world.with(ignored), "a deadline that makes no sense");
        }
    }

    private void passTime(World world) {
        long next = world.nextDeadline(recoveryNanos);
        if (next != State.NEVER) {
            if (next - 1 > world.now()) {
                step(world.at(next - 1));
            }
            step(world.at(next));
        }
    }

    private void command(World world) {
        for (Command command : Command.values()) {
            for (long expires : new long[] {State.NEVER, world.now() + EXPIRY}) {
                State next = rules.command(command, world.state(), expires, world.now());
                if (next != null) {
                    World after = world.with(next);
                    invariants.checkCommand(world, after, command);
                    step(after);
                }
            }
        }
    }

    private void step(World after) {
        steps++;
        reach(after);
    }

    private void reach(World world) {
        if (!seen.add(world.key(recoveryNanos))) {
            return;
        }
        invariants.checkWorld(world);
        if (seenStates.add(world.stateKey(recoveryNanos))) {
            invariants.checkWayOut(world);
        }
        kinds.merge(world.state().kind(), 1, Integer::sum);
        frontier.add(world);
    }
}
