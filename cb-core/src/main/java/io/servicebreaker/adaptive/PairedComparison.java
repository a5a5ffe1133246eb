package io.servicebreaker.adaptive;

import java.util.Arrays;
import org.hipparchus.stat.inference.WilcoxonSignedRankTest;
import org.hipparchus.stat.ranking.NaturalRanking;

/**
 * Two settings, compared on the same troubles. A trouble in which they lose the same says nothing.
 *
 * @param better troubles in which the second loses less
 * @param worse troubles in which it loses more
 * @param pValue chance that a second that is no better would look as much better as this, or more
 */
record PairedComparison(int better, int worse, double pValue) {

    /** Losses that differ by less are the same. */
    private static final double SAME = 1e-6;

    /** Up to so many the chance is counted out, which takes two to the power of it; for more its limit is close. */
    private static final int MOST_EXACT = 12;

    /**
     * Compares losses trouble by trouble.
     *
     * <p>Source: F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945), the signed-rank test,
     * one-sided, without the pairs that are equal. Ranks bound what a single long trouble can say.
     */
    static PairedComparison of(double[] first, double[] second) {
        double[] gains = new double[first.length];
        Arrays.setAll(gains, i -> first[i] - second[i]);
        gains = Arrays.stream(gains).filter(gain -> Math.abs(gain) > SAME).toArray();
        int better = (int) Arrays.stream(gains).filter(gain -> gain > 0).count();
        return new PairedComparison(better, gains.length - better, pValue(gains));
    }

    private static double pValue(double[] gains) {
        if (gains.length == 0 || !isBetter(gains)) {
            return 1;
        }
        double bothSides = new WilcoxonSignedRankTest()
                .wilcoxonSignedRankTest(gains, new double[gains.length], gains.length <= MOST_EXACT);
        return Math.min(1, bothSides / 2);
    }

    private static boolean isBetter(double[] gains) {
        double[] ranks =
                new NaturalRanking().rank(Arrays.stream(gains).map(Math::abs).toArray());
        double signed = 0;
        for (int i = 0; i < gains.length; i++) {
            signed += Math.signum(gains[i]) * ranks[i];
        }
        return signed > 0;
    }

    /**
     * How sure it is that the second is better, if it was chosen as the best of so many: 1 less the bound on the chance that
     * any of them looked so by luck.
     *
     * <p>Source: O. J. Dunn, Multiple comparisons among means, JASA 56 (1961), Bonferroni's inequality.
     */
    double confidence(int chosenFrom) {
        return 1 - Math.min(1, pValue * chosenFrom);
    }
}
