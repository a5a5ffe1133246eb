package io.servicebreaker.breaker;

import io.servicebreaker.breaker.OperatorCommanded.Command;
import java.time.Duration;
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
        breaker.commanded(this, reason, expiresIn);
    }

    /** Closing a breaker closes what it consists of and what is called through it. */
    void handOn(@Nullable ScopedBreakers scopes, Parts parts, String reason) {
        switch (this) {
            case CLOSE -> {
                parts.close(reason);
                if (scopes != null) {
                    scopes.close(reason);
                }
            }
            case RESET -> {
                parts.reset(reason);
                if (scopes != null) {
                    scopes.forget();
                }
            }
            default -> {}
        }
    }

    /** What the event says. */
    Command told() {
        return told;
    }

    State apply(StateMachine machine, State state, String reason, long expiresAt, long now) {
        return rule.apply(machine, state, reason, expiresAt, now);
    }

    private interface Rule {
        State apply(StateMachine machine, State state, String reason, long expiresAt, long now);
    }
}
