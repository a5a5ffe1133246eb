package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/**
 * Tells what the end of a call means. Safe for use by many threads; does no I/O.
 */
public interface OutcomeClassifier {

    /**
     * Judges a call that gave an answer.
     *
     * @param request the call
     * @param report what the call told us, if anything
     * @param durationNanos how long the provider took to answer
     */
    Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos);

    /**
     * Judges a call that threw.
     *
     * @param request the call
     * @param report what the caller knows of the call beyond the error, if anything
     */
    Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report);

    /**
     * Judges a call that threw after an attempt of which the gates know: what that attempt remembered, such as a growing
     * wait, is not remembered again.
     *
     * @param report what is known of the call beyond the error, if anything
     * @param lastAttempt what {@link #attempted} said of the last attempt
     */
    default Outcome failedAfter(
            CallRequest request, Throwable error, @Nullable CallReport report, Outcome lastAttempt) {
        return failed(request, error, report);
    }

    /** Who judges in the same way the calls that end too late, and learns nothing about the service from them. */
    default OutcomeClassifier forLateCalls() {
        return this;
    }

    /** Whether the same call may succeed a moment later. Judges without counting anything. */
    default boolean isRetryable(Throwable error) {
        return false;
    }

    /**
     * Judges a failed attempt within a call that goes on. What does not count and names no wait is judged by the end alone.
     *
     * @param error what was thrown, or null if there was an answer
     * @param report what the answer told us, if there was one
     */
    default Outcome attempted(CallRequest request, @Nullable Throwable error, @Nullable CallReport report) {
        return error == null ? answered(request, report, 0) : failed(request, error, report);
    }
}
