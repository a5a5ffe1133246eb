package io.servicebreaker.coordination;

import java.time.Instant;
import java.util.List;

/**
 * Where decisions are kept for longer. Used by one thread at a time, never by one that makes a call, so it may wait; what it
 * throws is logged, and what it was asked is asked again later.
 */
public interface DecisionStore {

    /** Makes it ready to be used. To be called first, and again if it has failed. */
    void open();

    /**
     * Keeps decisions, all of them or none. Those that it has already it has once.
     *
     * @return false if it never will, for what is in them
     */
    boolean append(List<DecisionRecord> decisions);

    /** Forgets what was decided before. */
    void forget(Instant before);
}
