package io.servicebreaker.breaker;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import org.jspecify.annotations.Nullable;

/** Leave to probe. */
final class ProbePermit implements Permit {

    /** Renewing for each piece of a stream would make the threads of its probes contend for nothing. */
    private static final int RENEWALS_IN_A_LEASE = 8;

    private final Breaker breaker;
    private final long stay;
    private final long probe;
    private final ProbePlaces.@Nullable Place place;
    private volatile long renewed;

    /**
     * Creates a permit.
     *
     * @param stay number of the stay that granted it
     * @param probe number of the probe in that stay
     * @param place the probe's place among the probes of all services; null if it is only observed and would be made
     *     anyway
     */
    ProbePermit(Breaker breaker, long stay, long probe, ProbePlaces.@Nullable Place place, long now) {
        this.breaker = breaker;
        this.stay = stay;
        this.probe = probe;
        this.place = place;
        this.renewed = now;
    }

    long stay() {
        return stay;
    }

    long probe() {
        return probe;
    }

    ProbePlaces.@Nullable Place place() {
        return place;
    }

    /** Whether the lease is old enough to be renewed; from then on it counts as renewed. */
    boolean isToBeRenewed(long now) {
        boolean due = now - renewed >= breaker.settings().probeTimeout().toNanos() / RENEWALS_IN_A_LEASE;
        if (due) {
            renewed = now;
        }
        return due;
    }

    @Override
    public void progressed() {
        breaker.progressed(this);
    }

    /** A probe whose first attempt failed has failed: whether a retry helps, the next one will show. */
    @Override
    public void attempted(Outcome outcome, long now) {
        breaker.probed(this, outcome, 0, now);
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long now) {
        breaker.probed(this, outcome, durationNanos, now);
    }
}
