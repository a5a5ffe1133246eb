package io.servicebreaker.spring;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Why a call gave no answer, or none that is good enough.
 *
 * @param failure without the wrappers that futures put around exceptions
 * @param cause why it failed; null if it was refused
 * @param refusal why it was refused; null if it failed
 */
public record Mishap(
        Throwable failure,
        @Nullable FailureCause cause,
        @Nullable RejectionReason refusal) {

    private static final int DEEPEST_CHAIN = 16;
    private static final int MOST_REMEMBERED = 4;

    /**
     * What has happened.
     *
     * @param call null if it was refused
     */
    public static Mishap of(Throwable failure, @Nullable OngoingCall call) {
        Throwable own = unwrapped(failure);
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
    public boolean isTheCallers() {
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

    /** The failure of the fallback, with what it was to make up for. An exception that is thrown again and again fills up. */
    public static Throwable remembering(Throwable failure, Throwable original) {
        Throwable own = unwrapped(failure);
        Throwable first = unwrapped(original);
        if (own != first && own.getSuppressed().length < MOST_REMEMBERED) {
            own.addSuppressed(first);
        }
        return failure;
    }

    /** Without the wrappers that futures put around exceptions. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable own = failure;
        while ((own instanceof CompletionException || own instanceof ExecutionException) && own.getCause() != null) {
            own = own.getCause();
        }
        return own;
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
