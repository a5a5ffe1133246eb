package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
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

    /** The last closed stay, while there is none. */
    final @Nullable ClosedStay ended;

    /** Whether that was ended on a suspicion, which may turn out to be wrong. */
    final boolean isSuspicion;

    /** Number of the last closed stay, this one if it is closed. */
    final long lastClosed;

    /** What the last closed stay had counted at its end: what people see until the next one counts anew. */
    private final WindowCounts counted;

    /** The permit of every call from one time to another, when no rule has to be asked. */
    private final @Nullable Permit standing;

    private final long standingFrom;
    private final long standingUntil;

    private Current(
            Breaker breaker,
            State state,
            Instant since,
            @Nullable ClosedStay closed,
            @Nullable ClosedStay ended,
            boolean isSuspicion,
            long lastClosed,
            WindowCounts counted) {
        this.breaker = breaker;
        this.state = state;
        this.since = since;
        this.closed = closed;
        this.ended = ended;
        this.isSuspicion = isSuspicion;
        this.lastClosed = lastClosed;
        this.counted = counted;
        this.standing = state instanceof Disabled ? Permit.FREE : closed;
        this.standingFrom = StateMachine.automatic(state) instanceof Closed inner ? inner.rampUntil() : 0;
        this.standingUntil = state.expires();
    }

    /** That of a breaker which begins closed. */
    static Current first(Breaker breaker, State state) {
        return new Current(
                breaker,
                state,
                breaker.at(state.since()),
                new ClosedStay(breaker),
                null,
                false,
                state.stay(),
                WindowCounts.NONE);
    }

    Current followedBy(State next) {
        boolean same = state.stay() == next.stay() && state.kind() == next.kind();
        Instant begun = same ? since : breaker.at(next.since());
        ClosedStay stay = stay(next);
        ClosedStay over = stay != null ? null : closed == null ? ended : closed;
        boolean suspicion = closed == null
                ? isSuspicion
                : StateMachine.automatic(next).reason().rule() == Rule.DETECTED;
        long closedLast =
                stay == null ? lastClosed : StateMachine.automatic(next).stay();
        return new Current(breaker, next, begun, stay, over, suspicion, closedLast, counts(next.since()));
    }

    private @Nullable ClosedStay stay(State next) {
        if (!(StateMachine.automatic(next) instanceof Closed inner)) {
            return null;
        }
        if (StateMachine.automatic(state) instanceof Closed was && was.stay() == inner.stay()) {
            return closed;
        }
        return inner.reason().rule() == Rule.REVOKED && ended != null ? ended : new ClosedStay(breaker);
    }

    WindowCounts counts(long now) {
        return closed == null ? counted : closed.window().counts(now);
    }

    /** The permit of a call that begins, if it is clear at this time without asking the rules. */
    @Nullable
    Permit standing(long now) {
        if (now < standingFrom || now >= standingUntil) {
            return null;
        }
        return closed == null || closed.begin(now) ? standing : null;
    }
}
