package io.servicebreaker.breaker;

import java.util.List;

/**
 * What the calls of a service were like before the application was started. Immutable.
 *
 * @param calls so many said something about the service, while it was healthy
 * @param failing share of them that failed, 0 to 1
 * @param usualSeconds median of the time that answers took, more than 0
 * @param spread standard deviation of the natural logarithm of that time, not negative
 * @param failedSeconds mean time that failed calls took, also while it was not healthy; 0 if unknown
 * @param troubleSeconds for how long each of its troubles lasted
 */
public record PastCalls(
        long calls,
        double failing,
        double usualSeconds,
        double spread,
        double failedSeconds,
        List<Double> troubleSeconds) {

    public PastCalls {
        if (calls < 0 || !(failing >= 0 && failing <= 1) || !(usualSeconds > 0) || !(spread >= 0)) {
            throw new IllegalArgumentException("no calls are like that: " + calls + " calls, of which " + failing
                    + " failed, of " + usualSeconds + " s, spread by " + spread);
        }
        troubleSeconds = List.copyOf(troubleSeconds);
    }
}
