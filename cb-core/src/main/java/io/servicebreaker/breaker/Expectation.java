package io.servicebreaker.breaker;

import java.util.Locale;

/**
 * What is expected of the calls of a service, from what was seen of them.
 *
 * @param failing chance that the next call fails, 0 to 1
 * @param usuallyFailing share of calls that fails while the service is healthy, 0 to 1
 * @param lossByFailure what a failed call costs, in units of one good answer: half of one, and a thirtieth for each second
 * @param usualSeconds time that half of the answers take while it is healthy
 * @param troubleSeconds time after which the present trouble, if there is any, is over with a chance of one half
 */
public record Expectation(
        double failing, double usuallyFailing, double lossByFailure, double usualSeconds, double troubleSeconds) {

    /** The same to three digits after the point. */
    public Expectation rounded() {
        return new Expectation(
                rounded(failing),
                rounded(usuallyFailing),
                rounded(lossByFailure),
                rounded(usualSeconds),
                rounded(troubleSeconds));
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** In words. */
    String sentence() {
        return String.format(
                Locale.ROOT,
                "the next one fails with a chance of %.0f %% (usual are %.1f %%), and a failed call costs %.2f of a good one",
                100 * failing,
                100 * usuallyFailing,
                lossByFailure);
    }
}
