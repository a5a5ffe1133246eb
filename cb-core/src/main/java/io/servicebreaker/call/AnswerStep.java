package io.servicebreaker.call;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of asking one service, or one fallback method that called none.
 *
 * @param by name of the service, or of the method such as {@code Answers.fromMemory}
 * @param result what became of it
 * @param reason name of the {@link RejectionReason} or {@link FailureCause}; null if there was an answer
 * @param fallback whether it was asked because another had not answered
 * @param latency how long it took
 * @param retryAfter time until it may be asked again, if it refused and said so
 */
public record AnswerStep(
        String by,
        Result result,
        @Nullable String reason,
        boolean fallback,
        Duration latency,
        @Nullable Duration retryAfter) {

    /** What can become of asking. */
    public enum Result {
        /** It answered, or had begun to when the caller gave up. */
        ANSWERED,
        /** It looked something up that is not there. */
        MISSED,
        /** It answered, and the answer was not good enough. */
        NOT_GOOD_ENOUGH,
        /** It failed. */
        FAILED,
        /** It was not called. */
        REFUSED,
        /** The caller gave up. */
        CANCELLED
    }

    static AnswerStep ended(CallRequest request, Outcome outcome, long nanos) {
        FailureCause cause = outcome.cause();
        Result result = result(outcome);
        String reason = cause == null || result == Result.ANSWERED ? null : cause.name();
        return new AnswerStep(request.service(), result, reason, request.isFallback(), Duration.ofNanos(nanos), null);
    }

    static AnswerStep refused(CallRequest request, RejectionReason reason, Optional<Duration> retryAfter) {
        return new AnswerStep(
                request.service(),
                Result.REFUSED,
                reason.name(),
                request.isFallback(),
                Duration.ZERO,
                retryAfter.orElse(null));
    }

    private static Result result(Outcome outcome) {
        FailureCause cause = outcome.cause();
        if (cause != null && outcome.remark() != Outcome.Remark.ANSWER_BEGUN) {
            return switch (cause) {
                case QUALITY -> Result.NOT_GOOD_ENOUGH;
                case CANCELLED -> Result.CANCELLED;
                default -> Result.FAILED;
            };
        }
        return outcome.remark() == Outcome.Remark.MISS ? Result.MISSED : Result.ANSWERED;
    }
}
