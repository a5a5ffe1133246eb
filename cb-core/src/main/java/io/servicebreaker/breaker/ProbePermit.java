package io.servicebreaker.breaker;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;

/**
 * Leave to probe.
 *
 * @param stay number of the stay that granted it
 * @param probe number of the probe in that stay
 * @param place the probe's place among the probes of all services
 */
record ProbePermit(Breaker breaker, long stay, int probe, ProbePlaces.Place place) implements Permit {

    @Override
    public void finish(Outcome outcome, long durationNanos, long now) {
        breaker.probed(this, outcome, durationNanos, now);
    }
}
