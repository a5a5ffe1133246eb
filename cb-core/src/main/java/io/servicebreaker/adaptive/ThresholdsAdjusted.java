package io.servicebreaker.adaptive;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.event.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step on the way of a threshold to another value, or back.
 *
 * @param parameter which setting
 * @param from its value in force before, or while it is only spoken of: a count, a share, or seconds
 * @param to its value in force after, or the one that is spoken of
 * @param owner on whose account
 * @param step what happened
 * @param confidence how sure it is that the value is better, 0 to 1, where it was recommended
 * @param reason for people
 */
public record ThresholdsAdjusted(
        Instant at,
        String service,
        Parameter parameter,
        double from,
        double to,
        Owner owner,
        Step step,
        @Nullable Double confidence,
        String reason)
        implements Event {

    /** What can happen to a threshold. */
    public enum Step {
        /** History says that another value is better. */
        RECOMMENDED,
        /** A second breaker has it, hears how calls end, and decides nothing. */
        SHADOW_STARTED,
        /** That one did worse, or nothing is known of how it did. */
        SHADOW_REJECTED,
        /** It is in force. */
        APPLIED,
        /** It has done no worse than the former one, and stays. */
        CONFIRMED,
        /** It has done worse than the former one, which is in force again. */
        ROLLED_BACK,
        /** An operator did not want it. */
        UNDONE,
        /** What it was for is over. */
        ENDED,
        /** Nobody has renewed it. */
        EXPIRED;

        /** Whether the value in force is another one after it. */
        public boolean isChange() {
            return switch (this) {
                case APPLIED, ROLLED_BACK, UNDONE, ENDED, EXPIRED -> true;
                case RECOMMENDED, SHADOW_STARTED, SHADOW_REJECTED, CONFIRMED -> false;
            };
        }
    }
}
