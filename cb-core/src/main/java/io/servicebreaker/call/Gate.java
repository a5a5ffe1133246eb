package io.servicebreaker.call;

/**
 * Decides whether a call to its service may be made. Safe for use by many threads.
 *
 * <p>A gate never waits, sleeps or does I/O. Gates are asked in order; when a later one refuses, the permits of the
 * earlier ones are finished with {@link Outcome#NOT_RUN}.
 */
@FunctionalInterface
public interface Gate {

    /**
     * Asks for leave to make one call.
     *
     * @param nowNanos the time of asking, on the clock of the orchestrator
     */
    Admission admit(CallRequest request, long nowNanos);
}
