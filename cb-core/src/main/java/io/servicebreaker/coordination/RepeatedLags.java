package io.servicebreaker.coordination;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds pairs of services of which one again and again begins to fail a certain time after the other. Of one thread.
 *
 * <p>For each lag it counts how often an episode of the one was followed by one of the other, give or take
 * {@value #TOLERANCE} seconds. What is to be expected by chance is counted in the same data at lags around it, so that neither
 * outages that overlap nor hours in which both are worse make a pair (the interval jitter of A. Amarasingham, M. Harrison, N.
 * Hatsopoulos, S. Geman, Conditional modeling and the jitter method of spike resampling, Journal of Neurophysiology 107,
 * 2012). The count is judged by the binomial distribution, corrected for the lags, the pairs, and the looks of an hour.
 *
 * <p>Each second a sixtieth of the services is compared with all others, so that each pair is once in a minute.
 */
final class RepeatedLags {

    static final int LEAST_SUPPORT = 5;

    private static final int LOOKS_AN_HOUR = 60;
    private static final int STEP = 5;
    private static final int TOLERANCE = 5;
    /** Lags around a lag at which what is by chance is counted. */
    private static final int[] AROUND = {-9, -7, -5, -3, 3, 5, 7, 9};

    private static final int MARGIN = 9;
    private static final double DEVIATIONS = 4;

    private final List<FailureTrack> tracks;
    private final int lags;
    private final int[] counts;
    private final int[] countedFor;
    private final double tests;
    private final double logAccepted;
    private long looks;

    /**
     * Creates it.
     *
     * @param longestLag in seconds
     * @param accepted false reports in an hour
     */
    RepeatedLags(List<FailureTrack> tracks, double longestLag, double accepted) {
        this.tracks = tracks;
        this.lags = (int) (longestLag / STEP);
        this.counts = new int[2 * (lags + MARGIN) + 1];
        this.countedFor = new int[counts.length];
        this.tests = Math.max(1, tracks.size() * (tracks.size() - 1) / 2.0) * (2 * lags + 1) * LOOKS_AN_HOUR;
        this.logAccepted = Math.log(accepted / tests);
    }

    /**
     * A pair that failed with a lag.
     *
     * @param lag in seconds, 0 or more
     * @param support how often
     * @param reports how many such pairs are expected in an hour by chance, corrected
     */
    record Found(FailureTrack first, FailureTrack second, double lag, int support, double lift, double reports) {}

    /** Looks at some of the services. */
    void look(double now, Consumer<Found> found) {
        int n = tracks.size();
        int place = (int) (looks++ % LOOKS_AN_HOUR);
        for (int i = place; i < n; i += LOOKS_AN_HOUR) {
            tracks.get(i).onsets().expire(now);
            for (int j = i + 1; j < n; j++) {
                compare(tracks.get(i), tracks.get(j), now, found);
            }
        }
    }

    private void compare(FailureTrack a, FailureTrack b, double now, Consumer<Found> found) {
        b.onsets().expire(now);
        boolean isNew = now - Math.max(a.onsets().last(), b.onsets().last()) <= LOOKS_AN_HOUR;
        if (!isNew || Math.min(a.onsets().count(), b.onsets().count()) < LEAST_SUPPORT) {
            return;
        }
        count(a.onsets(), b.onsets());
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        int trials = a.onsets().count();
        for (int i = MARGIN; i < counts.length - MARGIN; i++) {
            double chance = counts[i] < LEAST_SUPPORT ? 1 : chance(i, trials);
            if (isRemarkable(counts[i], trials, chance)) {
                double p = logTail(counts[i], trials, chance);
                if (p < least) {
                    least = p;
                    best = i;
                }
            }
        }
        if (least <= logAccepted) {
            tell(a, b, best, least, found);
        }
    }

    private void tell(FailureTrack a, FailureTrack b, int best, double logP, Consumer<Found> found) {
        double lag = lag(a.onsets(), b.onsets(), (best - lags - MARGIN) * STEP);
        double expected =
                Math.max(1e-9, chance(best, a.onsets().count()) * a.onsets().count());
        double reports = Math.exp(logP) * tests;
        Found pair = lag >= 0
                ? new Found(a, b, lag, counts[best], counts[best] / expected, reports)
                : new Found(b, a, -lag, counts[best], counts[best] / expected, reports);
        found.accept(pair);
    }

    /** For each lag the episodes of the one that one of the other followed. */
    private void count(Onsets a, Onsets b) {
        Arrays.fill(counts, 0);
        Arrays.fill(countedFor, -1);
        double reach = (lags + MARGIN) * STEP;
        int oldest = 0;
        for (int i = 0; i < a.count(); i++) {
            while (oldest < b.count() && b.get(oldest) < a.get(i) - reach) {
                oldest++;
            }
            for (int j = oldest; j < b.count() && b.get(j) <= a.get(i) + reach; j++) {
                count(b.get(j) - a.get(i), i);
            }
        }
    }

    /** Lags are whole steps, so that a difference is within the tolerance of two or three of them. */
    private void count(double difference, int episode) {
        double place = difference / STEP + lags + MARGIN;
        int last = Math.min(counts.length - 1, (int) (place + 1));
        for (int bin = Math.max(0, (int) Math.ceil(place - 1)); bin <= last; bin++) {
            if (countedFor[bin] != episode) {
                countedFor[bin] = episode;
                counts[bin]++;
            }
        }
    }

    /** The share of episodes that are followed by chance. */
    private double chance(int bin, int trials) {
        int around = 1;
        for (int away : AROUND) {
            around += counts[bin + away];
        }
        return Math.min(1, around / (double) (AROUND.length * trials));
    }

    private static double lag(Onsets a, Onsets b, double about) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < a.count(); i++) {
            for (int j = 0; j < b.count(); j++) {
                double difference = b.get(j) - a.get(i);
                if (Math.abs(difference - about) <= TOLERANCE) {
                    sum += difference;
                    count++;
                }
            }
        }
        return count == 0 ? about : Math.rint(sum / count);
    }

    /** Saves most of the work: what is closer to what is expected is not nearly significant. */
    private static boolean isRemarkable(int successes, int trials, double p) {
        double more = successes - trials * p;
        return p < 1 && more > 0 && more * more >= DEVIATIONS * DEVIATIONS * trials * p * (1 - p);
    }

    /** Logarithm of the probability of at least so many successes. */
    private static double logTail(int successes, int trials, double p) {
        double logTerm = successes * Math.log(p) + (trials - successes) * Math.log1p(-p);
        for (int i = 1; i <= successes; i++) {
            logTerm += Math.log((double) (trials - successes + i) / i);
        }
        double sum = 1;
        double term = 1;
        for (int i = successes; i < trials; i++) {
            term *= (double) (trials - i) / (i + 1) * p / (1 - p);
            sum += term;
        }
        return logTerm + Math.log(sum);
    }
}
