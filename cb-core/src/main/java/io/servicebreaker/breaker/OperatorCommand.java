package io.servicebreaker.breaker;

import io.servicebreaker.breaker.OperatorCommanded.Command;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an operator can tell a breaker to do. */
enum OperatorCommand {
    FORCE_OPEN(Command.FORCE_OPEN, true, StateMachine::forceOpen),
    DISABLE(Command.DISABLE, true, StateMachine::disable),
    OBSERVE(Command.OBSERVE, true, StateMachine::observe),
    CLOSE(Command.CLOSE, false, (machine, state, reason, expires, now) -> machine.close(state, reason, now)),
    RESET(Command.RESET, false, (machine, state, reason, expires, now) -> machine.reset(state, reason, now));

    private final Command told;
    private final boolean expires;

    @SuppressWarnings("ImmutableEnumChecker") // methods of a state machine that remembers nothing
    private final Rule rule;

    OperatorCommand(Command told, boolean expires, Rule rule) {
        this.told = told;
        this.expires = expires;
        this.rule = rule;
    }

    /** Gives it to a breaker, if it makes sense. */
    void give(Breaker breaker, String reason, @Nullable Duration expiresIn) {
        if (expiresIn != null && !expires) {
            throw new IllegalArgumentException(
                    "expiresIn is " + expiresIn + ", but closing does not expire; leave it out");
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("A reason is needed for " + this + ": people will ask for it");
        }
        if (expiresIn != null && (expiresIn.isZero() || expiresIn.isNegative())) {
            throw new IllegalArgumentException(
                    "expiresIn is " + expiresIn + ", allowed is a positive duration or none");
        }
        long now = breaker.surroundings().time().nanos();
        long lasts = expiresIn == null ? State.NEVER : TimeUnit.NANOSECONDS.convert(expiresIn);
        handOn(breaker, reason); // first, lest a call finds all backends down and opens it again
        Detector detector = breaker.detector();
        if (!expires && detector != null) {
            detector.reset(now); // as well, lest a call finds it suspicious
        }
        apply(breaker, reason, lasts > State.NEVER - now ? State.NEVER : now + lasts, now);
        breaker.surroundings()
                .events()
                .publish(new OperatorCommanded(breaker.at(now), breaker.service(), told, reason, expiresIn));
    }

    /** Gives it to what belongs to a breaker that has been given it, and tells of the change alone. */
    void giveToo(Breaker breaker, String reason) {
        handOn(breaker, reason);
        apply(breaker, reason, State.NEVER, breaker.surroundings().time().nanos());
    }

    private void apply(Breaker breaker, String reason, long expiresAt, long now) {
        breaker.change(now, state -> rule.apply(breaker.machine(), state, reason, expiresAt, now));
    }

    /** Closing a breaker closes what it consists of and what is called through it. */
    private void handOn(Breaker breaker, String reason) {
        ScopedBreakers scopes = breaker.scopes();
        switch (this) {
            case CLOSE -> {
                breaker.parts().close(reason);
                if (scopes != null) {
                    scopes.close(reason);
                }
            }
            case RESET -> {
                breaker.parts().reset(reason);
                if (scopes != null) {
                    scopes.forget();
                }
            }
            default -> {}
        }
    }

    private interface Rule {
        State apply(StateMachine machine, State state, String reason, long expiresAt, long now);
    }
}
