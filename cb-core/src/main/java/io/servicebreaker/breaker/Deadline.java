package io.servicebreaker.breaker;

import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A time before which a service is not to be called, named by the provider or by whoever else knows.
 *
 * @param until reading of the clock in nanoseconds
 * @param refusal what callers are told until then
 * @param cause the failure that it came with, if it came with one
 * @param sentence why, for people
 * @param decidedBy name of the header or setting that named the time, if one did
 * @param isGuess whether nobody asked for it
 */
record Deadline(
        long until,
        RejectionReason refusal,
        @Nullable FailureCause cause,
        String sentence,
        @Nullable String decidedBy,
        boolean isGuess) {

    /** A deadline after a wait, or null if the wait makes no sense. */
    static @Nullable Deadline after(Duration wait, RejectionReason refusal, String sentence, long now) {
        return Cooldown.makesSense(wait)
                ? new Deadline(now + wait.toNanos(), refusal, null, sentence, null, false)
                : null;
    }

    /** The deadline that the end of a call named, or null if it named none that makes sense. */
    static @Nullable Deadline of(Outcome outcome, long now) {
        Cooldown cooldown = outcome.cooldown();
        if (cooldown == null) {
            return null;
        }
        String sentence = outcome.cause() + ": no call for "
                + cooldown.duration().toMillis() / 1000.0 + " s (" + cooldown.source() + ")";
        return new Deadline(
                now + cooldown.duration().toNanos(),
                refusal(outcome.cause()),
                outcome.cause(),
                sentence,
                cooldown.source(),
                cooldown.isGuess());
    }

    /** These failures by cause, with its own among them. */
    Map<FailureCause, Integer> addedTo(Map<FailureCause, Integer> causes) {
        if (cause == null || causes.containsKey(cause)) {
            return causes;
        }
        Map<FailureCause, Integer> all = new EnumMap<>(FailureCause.class);
        all.putAll(causes);
        all.put(cause, 1);
        return all;
    }

    private static RejectionReason refusal(@Nullable FailureCause cause) {
        if (cause == null) {
            return RejectionReason.OPEN;
        }
        return switch (cause) {
            case RATE_LIMIT -> RejectionReason.RATE_LIMITED;
            case QUOTA -> RejectionReason.QUOTA_EXHAUSTED;
            case AUTHENTICATION -> RejectionReason.AUTHENTICATION_FAILED;
            default -> RejectionReason.OPEN;
        };
    }
}
