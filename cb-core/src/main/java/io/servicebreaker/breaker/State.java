package io.servicebreaker.breaker;

import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker is in, as a value. Times are readings of the clock in nanoseconds.
 *
 * <p>Each change to another state begins a new <em>stay</em> with a number of its own. A permit carries the number of
 * the stay that granted it, and its result decides for no other.
 */
sealed interface State {

    /** No end. */
    long NEVER = Long.MAX_VALUE;

    /** Number of this stay. */
    long stay();

    /** When this stay began. */
    long since();

    /** Why it began. */
    Reason reason();

    /** What people call it. */
    BreakerState kind();

    /** Time until calls are let through again, if they are refused now and that is known. */
    default @Nullable Duration retryAfter(long now) {
        return null;
    }

    /** When an operator's command ends by itself, or {@link #NEVER}. */
    default long expires() {
        return NEVER;
    }

    /** Failed recoveries that still lengthen the next open time. */
    default int failedRecoveries() {
        return 0;
    }

    /**
     * Lets calls through.
     *
     * @param rampUntil before this time only a share of calls is let through, 0 for none
     */
    record Closed(long stay, long since, Reason reason, int failedRecoveries, long rampUntil) implements State {

        @Override
        public BreakerState kind() {
            return BreakerState.CLOSED;
        }
    }

    /**
     * Refuses calls.
     *
     * @param until the first call at or after this time is a probe
     * @param refusal what callers are told
     * @param earliest nobody may probe before this time, however well the service may be; at most {@code until}
     */
    record Open(
            long stay,
            long since,
            Reason reason,
            int failedRecoveries,
            long until,
            RejectionReason refusal,
            long earliest)
            implements State {

        /** Nobody may probe before the end. */
        Open(long stay, long since, Reason reason, int failedRecoveries, long until, RejectionReason refusal) {
            this(stay, since, reason, failedRecoveries, until, refusal, until);
        }

        /** This where a deadline forbids early probes for longer. */
        Open notBefore(Deadline deadline) {
            return deadline.isGuess() || deadline.until() <= earliest
                    ? this
                    : new Open(stay, since, reason, failedRecoveries, until, refusal, deadline.until());
        }

        /** Whether calls are refused that may be probes if that is worth it. */
        boolean allowsEarlyProbe(long now) {
            return now >= earliest && now < until;
        }

        /** This with another end, unless it has ended by both. */
        Open due(long at, long now) {
            return at == until || Math.max(at, until) <= now
                    ? this
                    : new Open(stay, since, reason, failedRecoveries, at, refusal);
        }

        @Override
        public BreakerState kind() {
            return BreakerState.OPEN;
        }

        @Override
        public Duration retryAfter(long now) {
            return Duration.ofNanos(Math.max(0, until - now));
        }
    }

    /**
     * Lets probes through.
     *
     * @param probes under way
     * @param granted probes granted in this stay so far, the number of the last one
     * @param fast probes that succeeded in time
     * @param slow probes that succeeded slowly
     * @param early before this time, when the open time would have been over, only those probes are let through that are
     *     worth it; 0 if it was over
     */
    record HalfOpen(
            long stay,
            long since,
            Reason reason,
            int failedRecoveries,
            List<Lease> probes,
            long granted,
            int fast,
            int slow,
            long early)
            implements State {

        HalfOpen with(List<Lease> underWay, long lastGranted, int fastNow, int slowNow) {
            return new HalfOpen(
                    stay, since, reason, failedRecoveries, List.copyOf(underWay), lastGranted, fastNow, slowNow, early);
        }

        int probesUnderWay(long now) {
            int live = 0;
            for (int i = 0; i < probes.size(); i++) { // an iterator would be an allocation for calls that pass it over
                live += now < probes.get(i).until() ? 1 : 0;
            }
            return live;
        }

        /** When there is room for another probe, of which there may be so many at a time. */
        long freeAt(int most, long now) {
            long soonest = now;
            if (probesUnderWay(now) >= most) {
                soonest = NEVER;
                for (Lease lease : probes) {
                    soonest = now < lease.until() ? Math.min(soonest, lease.until()) : soonest;
                }
            }
            return soonest;
        }

        @Override
        public BreakerState kind() {
            return BreakerState.HALF_OPEN;
        }
    }

    /**
     * Refuses calls for an operator.
     *
     * @param interrupted what it goes back to when it expires, if it was not closed
     */
    record ForcedOpen(
            long stay,
            long since,
            Reason reason,
            int failedRecoveries,
            long expires,
            @Nullable Open interrupted) implements State {

        @Override
        public BreakerState kind() {
            return BreakerState.FORCED_OPEN;
        }

        @Override
        public @Nullable Duration retryAfter(long now) {
            return expires == NEVER ? null : Duration.ofNanos(Math.max(0, expires - now));
        }
    }

    /**
     * Lets calls through unwatched for an operator.
     *
     * @param interrupted what it goes back to when it expires, if it was not closed
     */
    record Disabled(
            long stay,
            long since,
            Reason reason,
            int failedRecoveries,
            long expires,
            @Nullable Open interrupted) implements State {

        @Override
        public BreakerState kind() {
            return BreakerState.DISABLED;
        }
    }

    /**
     * Lets calls through for an operator.
     *
     * @param inner what it would be in, one of the first three
     */
    record Observing(long stay, long since, Reason reason, long expires, State inner) implements State {

        @Override
        public BreakerState kind() {
            return BreakerState.OBSERVING;
        }
    }

    /**
     * A probe's claim to its place.
     *
     * @param probe number of the probe in its stay
     * @param until after this time the place is free again and the result no longer counts
     */
    record Lease(long probe, long until) {}
}
