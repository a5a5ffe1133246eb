package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.call.Permit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A breaker's state with what belongs to it: replaced as a whole. Immutable but for the window of a closed stay. */
final class Current {

    private final Breaker breaker;

    final State state;

    /** Computed once for a stay: the clocks drift, and what people see should stay put. */
    final Instant since;

    /** The closed stay of the state or of what is observed. */
    final @Nullable ClosedStay closed;

    /** The permit of every call, where no rule has to be asked. */
    final @Nullable Permit standing;

    private Current(Breaker breaker, State state, Instant since, @Nullable ClosedStay closed) {
        this.breaker = breaker;
        this.state = state;
        this.since = since;
        this.closed = closed;
        this.standing = standing(state, closed);
    }

    static Current first(Breaker breaker, State state) {
        return new Current(breaker, state, breaker.at(state.since()), stay(breaker, state, null));
    }

    Current followedBy(State next) {
        Instant begun = state.stay() == next.stay() ? since : breaker.at(next.since());
        return new Current(breaker, next, begun, stay(breaker, next, closed));
    }

    private static @Nullable ClosedStay stay(Breaker breaker, State state, @Nullable ClosedStay before) {
        if (!(StateMachine.automatic(state) instanceof Closed inner)) {
            return null;
        }
        return before != null && before.number() == inner.stay()
                ? before
                : new ClosedStay(breaker, inner.stay(), breaker.settings());
    }

    private static @Nullable Permit standing(State state, @Nullable ClosedStay closed) {
        if (state instanceof Disabled disabled && disabled.expires() == State.NEVER) {
            return Permit.FREE;
        }
        boolean ramp = StateMachine.automatic(state) instanceof Closed inner && inner.rampUntil() > inner.since();
        boolean expires = state instanceof Observing observing && observing.expires() != State.NEVER;
        return ramp || expires ? null : closed;
    }
}
