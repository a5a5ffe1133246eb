package io.servicebreaker.breaker;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Permit;

/** What the choice between backends is told by parts that it does not know. Safe for use by many threads. */
public interface BackendSignals {

    /** Nothing is known. */
    BackendSignals NONE = new BackendSignals() {};

    /** Share of the rate limit that is left, as an answer tells, 0 to 1; not a number if it does not. */
    default double quotaLeft(CallReport report) {
        return Double.NaN;
    }

    /** Who refuses what is left of the rate limits of a backend does not cover. Its permits are never finished. */
    default Gate limits(String backend) {
        return (request, now) -> Permit.FREE;
    }

    /** A call to a backend is made whatever these limits say, which count it. */
    default void takeAnyway(String backend, CallRequest request, long nowNanos) {}

    /** How short the money is, 0 for not at all to 1: the shorter, the more a price counts. */
    default double budgetPressure() {
        return 0;
    }
}
