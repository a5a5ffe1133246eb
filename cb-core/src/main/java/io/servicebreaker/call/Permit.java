package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/**
 * Leave to make one call, to be finished exactly once. One object may stand for many calls at the same time.
 */
public non-sealed interface Permit extends Admission {

    /** A permit that cost nothing. */
    Permit FREE = (outcome, durationNanos, nowNanos) -> {};

    /**
     * Reports how the call ended and gives back what the gate granted. Never waits and never throws by intent.
     *
     * @param durationNanos how long the provider took to answer, 0 or more; of a stream, to begin its answer
     * @param nowNanos the time at which the call ended
     */
    void finish(Outcome outcome, long durationNanos, long nowNanos);

    /**
     * Reports the end as {@link #finish(Outcome, long, long)} does, to whoever has to know when the call began as well.
     *
     * @param begunNanos when it was let through; after {@code nowNanos} if nobody knows
     */
    default void finish(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
        finish(outcome, durationNanos, nowNanos);
    }

    /**
     * One attempt within the call has failed and the client may make another: what it says about the service need not
     * wait for the end of the call. Takes nothing back. Never waits.
     */
    default void attempted(Outcome outcome, long nowNanos) {}

    /**
     * Whether the end of the call comes too late to say anything about the service, which has been closed off or has
     * recovered since.
     */
    default boolean isLate() {
        return false;
    }

    /** The backend that was chosen for the call, or null if there is no choice. */
    default @Nullable Backend backend() {
        return null;
    }

    /**
     * Reports the end of a call whose answer was streamed, of which {@link #answering} was told, as {@link #finish(Outcome, long,
     * long, long)} does otherwise.
     */
    default void finishStream(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
        finish(outcome, begunNanos, durationNanos, nowNanos);
    }

    /**
     * The first piece of a streamed answer has arrived: from now on the call does not hang, however long the stream lasts. Never
     * waits.
     *
     * @param begunNanos when it was let through
     */
    default void answering(long begunNanos, long nowNanos) {}

    /** Another piece of a streamed answer has arrived: the call does not hang. Never waits. */
    default void progressed() {}

    /** A permit that finishes {@code later} first and then this one. */
    default Permit and(Permit later) {
        if (later == FREE) {
            return this;
        }
        return this == FREE ? later : later.after(this);
    }

    /** A permit that finishes this one first and then {@code earlier}, which is not {@link #FREE}. */
    default Permit after(Permit earlier) {
        return new PermitPair(earlier, this);
    }
}
