package io.servicebreaker.breaker;

import java.util.Arrays;

/**
 * How likely it is that the calls of a service fail at each of several rates: a healthy one, which is learned, and bad ones.
 * Used by one thread at a time; allocates nothing once made.
 *
 * <p>Each result multiplies the chance of a rate by how likely that rate makes the result (Bayes). Between results the
 * service may fall ill, get well again or change from one bad rate to another: the forward algorithm of a hidden Markov model
 * whose way back to health depends on the age of the trouble. Source: L. R. Rabiner, <i>A Tutorial on Hidden Markov
 * Models</i>, Proceedings of the IEEE 77, 1989.
 */
final class Belief {

    private static final double[] BAD = {0.06, 0.1, 0.16, 0.25, 0.36, 0.5, 0.66, 0.82, 0.97};

    /** Rates, the healthy one first. */
    static final int LEVELS = BAD.length + 1;

    private static final double FIRST_HEALTHY_RATE = 0.013;
    private static final double LEAST_HEALTHY_RATE = 0.003;
    private static final double MOST_HEALTHY_RATE = 0.05;
    private static final double HEALTHY_AT_FIRST = 0.999;

    /** Share of a healthy result in the learned rate: what is usual follows over some five hundred calls. */
    private static final double LEARNING = 0.002;

    private static final double SURELY_HEALTHY = 0.95;

    /** Once an hour. */
    private static final double ONSETS_A_SECOND = 1.0 / 3600;

    private static final double CHANGES_A_SECOND = 3.0 / 3600;
    private static final double TO_A_NEIGHBOUR = 0.4;
    private static final double TO_ANY = 0.2;

    /** Nothing is impossible. */
    private static final double LEAST = 1e-12;

    private final TroubleTimes times;
    private final double[] rates = new double[LEVELS];
    private double[] chances = new double[LEVELS];
    private double[] next = new double[LEVELS];
    private double age;

    Belief(TroubleTimes times) {
        this.times = times;
        rates[0] = FIRST_HEALTHY_RATE;
        System.arraycopy(BAD, 0, rates, 1, BAD.length);
        reset();
    }

    /** The service is as good as new; what is usual stays known. */
    void reset() {
        chances[0] = HEALTHY_AT_FIRST;
        Arrays.fill(chances, 1, LEVELS, (1 - HEALTHY_AT_FIRST) / BAD.length);
        age = 0;
    }

    double rate(int level) {
        return rates[level];
    }

    double chance(int level) {
        return chances[level];
    }

    double healthy() {
        return chances[0];
    }

    /** Seconds for which the trouble has lasted, if there is any. */
    double age() {
        return age;
    }

    /** Chance that the next call fails. */
    double failing() {
        double sum = 0;
        for (int i = 0; i < LEVELS; i++) {
            sum += chances[i] * rates[i];
        }
        return sum;
    }

    /** Chance that the service is in trouble and the next call succeeds all the same. */
    double answeredInTrouble() {
        double sum = 0;
        for (int i = 1; i < LEVELS; i++) {
            sum += chances[i] * (1 - rates[i]);
        }
        return sum;
    }

    /** Time passes without a result, in steps that are short where much changes and towards the end. */
    void pass(double seconds) {
        double left = seconds;
        while (left > 0) {
            double step = Math.min(left, Math.max(1, Math.max(age / 10, left / 8)));
            left -= step;
            passAtOnce(step);
        }
    }

    private void passAtOnce(double seconds) {
        double bad = 1 - chances[0];
        double falling = chances[0] * -Math.expm1(-ONSETS_A_SECOND * seconds);
        double recovering = bad * -Math.expm1(-times.hazard(age) * seconds);
        double staying = bad > 0 ? (bad - recovering) / bad : 0;
        double changing = -Math.expm1(-CHANGES_A_SECOND * seconds);
        Arrays.fill(next, 0);
        double anywhere = falling / BAD.length;
        for (int i = 1; i < LEVELS; i++) {
            double stay = chances[i] * staying;
            double move = stay * changing;
            next[i] += stay - move;
            next[Math.max(1, i - 1)] += move * TO_A_NEIGHBOUR;
            next[Math.min(LEVELS - 1, i + 1)] += move * TO_A_NEIGHBOUR;
            anywhere += move * TO_ANY / BAD.length;
        }
        for (int i = 1; i < LEVELS; i++) {
            next[i] += anywhere;
        }
        next[0] = chances[0] - falling + recovering;
        double badNow = bad - recovering + falling;
        age = badNow > 0 ? (age + seconds) * (bad - recovering) / badNow : 0;
        double[] before = chances;
        chances = next;
        next = before;
    }

    /** Weighs evidence: for each level the logarithm of how likely it makes what was seen. */
    void weigh(double[] logLikelihoods) {
        double top = Double.NEGATIVE_INFINITY;
        for (double log : logLikelihoods) {
            top = Math.max(top, log);
        }
        double sum = 0;
        for (int i = 0; i < LEVELS; i++) {
            chances[i] *= Math.exp(logLikelihoods[i] - top);
            sum += chances[i];
        }
        for (int i = 0; i < LEVELS; i++) {
            chances[i] = Math.max(LEAST, chances[i] / sum);
        }
    }

    /** Learns what is usual, while there is no doubt that it is. */
    void learn(long succeeded, long failed) {
        long calls = succeeded + failed;
        if (calls > 0 && chances[0] > SURELY_HEALTHY) {
            double forgotten = -Math.expm1(calls * Math.log1p(-LEARNING));
            recall(rates[0] + forgotten * ((double) failed / calls - rates[0]));
        }
    }

    /** So many calls fail while it is healthy, as far as that is believed. */
    void recall(double healthyRate) {
        rates[0] = Math.min(MOST_HEALTHY_RATE, Math.max(LEAST_HEALTHY_RATE, healthyRate));
    }
}
