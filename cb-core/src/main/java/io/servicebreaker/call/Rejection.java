package io.servicebreaker.call;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;

/**
 * A refusal, with what the caller should know.
 *
 * @param reason why
 * @param scope what it holds for
 * @param retryAfterNanos time until another attempt makes sense, or {@link #UNKNOWN_TIME}
 * @param explanation one sentence fragment for people, may be empty
 */
public record Rejection(RejectionReason reason, RejectionScope scope, long retryAfterNanos, String explanation)
        implements Admission, Serializable {

    /** Nobody knows when another attempt makes sense. */
    public static final long UNKNOWN_TIME = -1;

    /** Time until another attempt makes sense, if known. */
    public Optional<Duration> retryAfter() {
        return retryAfterNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(retryAfterNanos));
    }
}
