package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.ForcedOpen;
import io.servicebreaker.breaker.State.HalfOpen;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.RejectionReason;
import org.jspecify.annotations.Nullable;

/** What an operator's command interrupts, and what follows when its time is over. */
final class Interruption {

    private Interruption() {}

    /** What a command that expires interrupts. A closed breaker closes again; any other one has to probe first. */
    static @Nullable Open interrupted(State outer) {
        State state = StateMachine.automatic(outer);
        if (state instanceof Open open) {
            return open;
        }
        if (state instanceof HalfOpen halfOpen) {
            return new Open(
                    halfOpen.stay(),
                    halfOpen.since(),
                    halfOpen.reason(),
                    halfOpen.failedRecoveries(),
                    halfOpen.since(),
                    RejectionReason.OPEN);
        }
        if (state instanceof ForcedOpen forced) {
            return forced.interrupted();
        }
        return state instanceof Disabled disabled ? disabled.interrupted() : null;
    }

    static State expired(State state) {
        String sentence =
                state.kind() + " has expired; it was: " + state.reason().sentence();
        return resumed(state, state.expires(), new Reason(Rule.EXPIRED, sentence));
    }

    static State resumed(State state, long at, Reason reason) {
        Open interrupted = interrupted(state);
        return interrupted == null
                ? new Closed(nextStay(state), at, reason, state.failedRecoveries(), StateMachine.NO_RAMP)
                : new Open(
                        nextStay(state),
                        at,
                        reason,
                        state.failedRecoveries(),
                        interrupted.until(),
                        interrupted.refusal(),
                        interrupted.earliest());
    }

    static long nextStay(State state) {
        return Math.max(state.stay(), StateMachine.automatic(state).stay()) + 1;
    }

    static Reason byOperator(String reason) {
        return new Reason(Rule.OPERATOR, reason);
    }
}
