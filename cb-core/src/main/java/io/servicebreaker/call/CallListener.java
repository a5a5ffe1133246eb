package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/**
 * Is told of each call of a service on the thread of the call, where meters count.
 *
 * <p>A listener must be safe for use by many threads, take well under a microsecond, and neither wait nor allocate;
 * what needs more time listens to {@link io.servicebreaker.event.Events}. What it throws is logged and goes no further.
 */
public interface CallListener {

    /** Does nothing. */
    CallListener NONE = new CallListener() {
        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {}

        @Override
        public void rejected(CallRequest request, Rejection rejection) {}
    };

    /**
     * A permitted call has ended.
     *
     * @param durationNanos how long the provider took to answer
     */
    void finished(CallRequest request, Outcome outcome, long durationNanos);

    /** A call was refused. */
    void rejected(CallRequest request, Rejection rejection);

    /**
     * As {@link #finished(CallRequest, Outcome, long)}, for whoever has to know to which backend the call went.
     *
     * @param backend null if its service has none
     */
    default void finished(CallRequest request, @Nullable Backend backend, Outcome outcome, long durationNanos) {
        finished(request, outcome, durationNanos);
    }

    /**
     * As {@link #rejected(CallRequest, Rejection)}, for whoever has to know which backend the call would have gone to.
     *
     * @param backend null if none had been chosen when the call was refused
     */
    default void rejected(CallRequest request, @Nullable Backend backend, Rejection rejection) {
        rejected(request, rejection);
    }
}
