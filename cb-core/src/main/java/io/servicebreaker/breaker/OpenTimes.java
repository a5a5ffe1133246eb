package io.servicebreaker.breaker;

import io.servicebreaker.breaker.Reason.Rule;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.RejectionReason;

/** How long a breaker stays open, and from when on it may be probed early. Immutable. */
final class OpenTimes {

    /** For so long nobody doubts a threshold. */
    private static final long SHORTEST_OPEN_NANOS = 1_000_000_000;

    /** A wait that nobody asked for is kept for so long before it may be found to be too long. */
    private static final long LONGEST_GUESS_NANOS = 8_000_000_000L;

    private final BreakerSettings settings;

    OpenTimes(BreakerSettings settings) {
        this.settings = settings;
    }

    /** What a threshold has decided holds for a while; a suspicion may be dropped as soon as it proves wrong. */
    Open opened(long stay, Reason reason, int failedRecoveries, long until, long notBefore, long now) {
        boolean isSuspicion = reason.rule() == Rule.DETECTED || reason.rule() == Rule.FAILED_PROBE;
        long shortest = isSuspicion ? now : now + SHORTEST_OPEN_NANOS;
        long earliest = settings.earlyProbing() ? Math.min(until, Math.max(notBefore, shortest)) : until;
        return new Open(stay, now, reason, failedRecoveries, until, RejectionReason.OPEN, earliest);
    }

    Open held(State before, long stay, long since, Reason reason, int failed, Deadline deadline, long now) {
        long asked = before instanceof Open open ? open.earliest() : now;
        long earliest = deadline.isGuess() && settings.earlyProbing()
                ? Math.max(asked, now + LONGEST_GUESS_NANOS)
                : deadline.until();
        long until = deadline.until();
        return new Open(stay, since, reason, failed, until, deadline.refusal(), Math.min(until, earliest));
    }

    /** Grown, capped, and then cut by chance, so that the configured time is a promise: never longer. */
    long nanos(int failedRecoveries, double luck) {
        double grown = (double) settings.recoveryTimeout().toNanos()
                * Math.pow(settings.recoveryBackoffMultiplier(), failedRecoveries);
        double capped = Math.min(grown, (double) settings.maxRecoveryTimeout().toNanos());
        return Math.max(1, (long) (capped * (1 - settings.recoveryJitter() * luck)));
    }
}
