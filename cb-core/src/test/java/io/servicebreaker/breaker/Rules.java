package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.StateMachine.Admitted;
import io.servicebreaker.call.RejectionReason;
import org.jspecify.annotations.Nullable;

/** What an exploration asks of a state machine. A subclass breaks one rule on purpose. */
class Rules {

    private static final double NO_LUCK = 0;

    final BreakerSettings settings;
    final StateMachine machine;

    Rules(BreakerSettings settings) {
        this.settings = settings;
        this.machine = new StateMachine(settings);
    }

    State current(State state, long now) {
        return machine.current(state, now);
    }

    Admitted admit(State state, long now) {
        return machine.admit(state, now, NO_LUCK);
    }

    State probed(State state, long stay, long probe, Verdict verdict, long now) {
        return machine.probed(state, stay, probe, verdict, null, now, NO_LUCK);
    }

    State renew(State state, long stay, long probe, long now) {
        return machine.renew(state, stay, probe, now);
    }

    State trip(State state, long stay, long notBefore, long now) {
        return machine.trip(state, stay, new Reason(Rule.ERROR_RATE, "tripped"), notBefore, now, NO_LUCK);
    }

    State hold(State state, long until, long now) {
        return machine.hold(state, new Deadline(until, RejectionReason.RATE_LIMITED, null, "held", null, false), now);
    }

    State extend(State state, long until, long now) {
        return machine.extend(state, new Deadline(until, RejectionReason.RATE_LIMITED, null, "held", null, false), now);
    }

    /** The state after an operator's command, or null where there is no such command. */
    @Nullable
    State command(Command command, State state, long expires, long now) {
        return switch (command) {
            case FORCE_OPEN -> machine.forceOpen(state, "forced", expires, now);
            case DISABLE -> machine.disable(state, "disabled", expires, now);
            case OBSERVE -> machine.observe(state, "observed", expires, now);
            case CLOSE -> expires == State.NEVER ? machine.close(state, "closed", now) : null;
            case RESET -> expires == State.NEVER ? machine.reset(state, "reset", now) : null;
        };
    }

    enum Command {
        FORCE_OPEN,
        DISABLE,
        OBSERVE,
        CLOSE,
        RESET
    }
}
