package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
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

    /** The permit of every call from one time to another, when no rule has to be asked. */
    private final @Nullable Permit standing;

    private final long standingFrom;
    private final long standingUntil;

    private Current(Breaker breaker, State state, Instant since, @Nullable ClosedStay closed) {
        this.breaker = breaker;
        this.state = state;
        this.since = since;
        this.closed = closed;
        this.standing = state instanceof Disabled ? Permit.FREE : closed;
        this.standingFrom = StateMachine.automatic(state) instanceof Closed inner ? inner.rampUntil() : 0;
        this.standingUntil = state.expires();
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

    /** The permit of every call, if it is clear at this time without asking the rules. */
    @Nullable
    Permit standing(long now) {
        return now >= standingFrom && now < standingUntil ? standing : null;
    }
}
