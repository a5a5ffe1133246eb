package io.servicebreaker.sample.simulator;

import java.time.Duration;

/** The only place where the simulator waits. */
interface Pause {

    /**
     * Waits, but not beyond the end of the simulator.
     *
     * @return whether the whole time has passed; if not, the simulator is stopping and the caller has to give up
     */
    boolean lasts(Duration duration);

    /** Ends the running pauses, and later ones at once. */
    void endAll();

    /** Allows pauses again after {@link #endAll()}. */
    void allow();
}
