package io.servicebreaker.call;

import java.time.Duration;
import java.util.Optional;

/**
 * A call was refused before it was made.
 *
 * <p>It has no stack trace unless {@code service-breaker.writable-stack-traces} is set: refusals come by the thousand
 * when things are worst, and the stack says nothing about the cause.
 */
public final class CallRejectedException extends RuntimeException implements Asked {

    private static final long serialVersionUID = 1L;

    private final String service;
    private final Rejection rejection;

    /**
     * Creates the exception.
     *
     * @param writableStackTrace whether to record where the call was refused
     */
    public CallRejectedException(String service, Rejection rejection, boolean writableStackTrace) {
        super(null, null, true, writableStackTrace);
        this.service = service;
        this.rejection = rejection;
    }

    /** The service that was to be called. */
    public String service() {
        return service;
    }

    /** What the refusal holds for. */
    public RejectionScope scope() {
        return rejection.scope();
    }

    /** Why the call was refused. */
    public RejectionReason reason() {
        return rejection.reason();
    }

    /** Time from the refusal until another attempt makes sense, if known. */
    public Optional<Duration> retryAfter() {
        return rejection.retryAfter();
    }

    /** Names service, reason and when to try again. */
    @Override
    public String getMessage() {
        StringBuilder message = new StringBuilder("Call to '").append(service).append("' refused: ");
        message.append(rejection.reason());
        if (!rejection.explanation().isEmpty()) {
            message.append(" (").append(rejection.explanation()).append(')');
        }
        rejection
                .retryAfter()
                .ifPresent(wait -> message.append("; try again in ").append(seconds(wait)));
        return message.toString();
    }

    private static String seconds(Duration wait) {
        long millis = wait.toMillis();
        return millis < 10_000 ? millis + " ms" : (millis + 999) / 1000 + " s";
    }
}
