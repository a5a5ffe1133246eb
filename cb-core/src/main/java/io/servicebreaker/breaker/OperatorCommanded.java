package io.servicebreaker.breaker;

import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An operator gave a command.
 *
 * @param command what
 * @param reason why, in the operator's words
 * @param expiresIn when the command ends by itself, if it does
 */
public record OperatorCommanded(
        Instant at,
        String service,
        Command command,
        String reason,
        @Nullable Duration expiresIn) implements Event {

    /** What an operator can do. */
    public enum Command {
        /** Refuse all calls. */
        FORCE_OPEN,
        /** Let calls through and watch them again. */
        CLOSE,
        /** Let all calls through unwatched. */
        DISABLE,
        /** Let all calls through and report what would have been done. */
        OBSERVE,
        /** Close and forget. */
        RESET
    }
}
