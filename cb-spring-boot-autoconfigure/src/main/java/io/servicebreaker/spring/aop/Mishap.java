package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Why a call gave no answer, or none that is good enough.
 *
 * @param failure without the wrappers that futures put around exceptions
 * @param cause why it failed; null if it was refused
 * @param refusal why it was refused; null if it failed
 */
record Mishap(
        Throwable failure,
        @Nullable FailureCause cause,
        @Nullable RejectionReason refusal) {

    private static final int DEEPEST_CHAIN = 16;

    /**
     * What has happened.
     *
     * @param call null if it was refused
     */
    static Mishap of(Throwable failure, @Nullable OngoingCall call) {
        Throwable own = Fallback.unwrapped(failure);
        if (own instanceof CallRejectedException refused) {
            return new Mishap(own, null, refused.reason());
        }
        Outcome outcome = call == null ? null : call.failure();
        FailureCause cause = outcome == null ? null : outcome.cause();
        return new Mishap(own, cause == null ? FailureCause.UNKNOWN : cause, null);
    }

    /**
     * Whether nobody is asked instead: not after an {@link Error}, which is nothing that an answer could make up for, and not
     * when the caller gave up and waits for no answer.
     */
    boolean isTheCallers() {
        return !(failure instanceof Exception) || isGivingUp();
    }

    private boolean isGivingUp() {
        Throwable link = failure;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            if (link instanceof InterruptedException || link instanceof CancellationException) {
                return true;
            }
            link = link.getCause();
        }
        return false;
    }

    /** For people. No word of a provider's, which may be confidential. */
    String sentence(String service) {
        if (refusal != null) {
            return String.valueOf(failure.getMessage());
        }
        return cause == FailureCause.QUALITY
                ? "The answer of '" + service + "' is not good enough"
                : "Call to '" + service + "' failed: " + cause + " ("
                        + failure.getClass().getSimpleName() + ")";
    }
}
