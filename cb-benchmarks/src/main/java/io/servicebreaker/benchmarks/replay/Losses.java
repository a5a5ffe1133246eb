package io.servicebreaker.benchmarks.replay;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * What it costs to let a call through and to refuse it, before its fate is known, in units of one call that would have
 * succeeded.
 *
 * <p>A call that fails costs half of that and a thirtieth for each second that it took; a slow success a thirtieth for each
 * second beyond twenty. A refused call costs what it would have been worth.
 *
 * @param allowing expected cost of a call that is let through
 * @param refusing expected cost of a call that is refused
 */
record Losses(double allowing, double refusing) {

    /** Seconds after which a call is given up. */
    static final double TIMEOUT = 60;

    /** Of the logarithm of the latency of a failure. */
    static final double ERROR_SIGMA = 0.8;

    private static final double FAILURE = 0.5;
    private static final double SECOND = 1.0 / 30;
    private static final double SLOW = 20;
    private static final NormalDistribution NORMAL = new NormalDistribution();

    static Losses in(Stretch stretch) {
        double error = stretch.errorShare();
        double timedOut = stretch.mix().timedOut();
        Lognormal failing = new Lognormal(stretch.errorMedian(), ERROR_SIGMA);
        double failure = FAILURE + SECOND * (timedOut * TIMEOUT + (1 - timedOut) * failing.meanUpTo(TIMEOUT));
        Lognormal working = new Lognormal(stretch.okMedian(), stretch.okSigma());
        double late = 1 - working.shareBelow(TIMEOUT);
        double patience = SECOND * (working.meanAbove(SLOW) - working.meanAbove(TIMEOUT) - (TIMEOUT - SLOW) * late);
        double success = late * (FAILURE + SECOND * TIMEOUT) + patience;
        return new Losses(error * failure + (1 - error) * success, (1 - error) * (1 - late));
    }

    boolean isBad() {
        return allowing > refusing;
    }

    double least() {
        return Math.min(allowing, refusing);
    }

    /**
     * A lognormal distribution and its partial expectations.
     *
     * <p>Source: N. L. Johnson, S. Kotz, N. Balakrishnan, <i>Continuous Univariate Distributions</i> 1, 2nd ed. 1994,
     * chapter 14.
     */
    private record Lognormal(double median, double sigma) {

        double shareBelow(double x) {
            return NORMAL.cumulativeProbability(Math.log(x / median) / sigma);
        }

        private double mean() {
            return median * Math.exp(sigma * sigma / 2);
        }

        /** Expectation of the part below x, where what is above counts nothing. */
        private double partBelow(double x) {
            return mean() * NORMAL.cumulativeProbability(Math.log(x / median) / sigma - sigma);
        }

        /** Expectation where what is above counts as x. */
        double meanUpTo(double x) {
            return partBelow(x) + x * (1 - shareBelow(x));
        }

        /** Expectation of what exceeds x. */
        double meanAbove(double x) {
            return mean() - meanUpTo(x);
        }
    }
}
