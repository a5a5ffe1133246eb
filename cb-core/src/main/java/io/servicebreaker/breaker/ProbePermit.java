package io.servicebreaker.breaker;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Leave to probe.
 *
 * @param stay number of the stay that granted it
 * @param probe number of the probe in that stay
 * @param place the probe's place among the probes of all services; null if it is only observed and would be made anyway
 */
record ProbePermit(Breaker breaker, long stay, int probe, ProbePlaces.@Nullable Place place) implements Permit {

    @Override
    public void finish(Outcome outcome, long durationNanos, long now) {
        breaker.probed(this, outcome, durationNanos, now);
    }
}
