package io.servicebreaker.cost;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the spending of a budget will go on.
 *
 * <p>The interval takes what was spent in the hours of a day so far, or in the last times 24 hours of a month, as samples
 * of what will be spent in those that are left: {@code t s √(m + m²/n)} around the sum that is expected of {@code m} more
 * when {@code n} are known with the deviation {@code s}, where {@code t} is Student's quantile for {@code n - 1}. That is the
 * prediction interval for the mean of future observations, times {@code m} (Meeker, Hahn, Escobar: Statistical Intervals,
 * 2nd ed. 2017, chapter 4). It is right as far as these are alike, independent and not too skewed: a busy morning after a
 * quiet night it does not foresee.
 *
 * @param projected what will have been spent at the end if it goes on as it has so far; null in the first hundredth of the
 *     period
 * @param low what it will be at least, in four of five cases with {@code high}: each is missed in one of ten; null if
 *     fewer than three samples are known
 * @param high what it will be at most
 * @param spentPerHour what is spent in an hour, by the last one; null while nothing is known
 */
public record Projection(
        @Nullable Money projected,
        @Nullable Money low,
        @Nullable Money high,
        @Nullable Money spentPerHour) {

    private static final int LEAST_SAMPLES = 3;

    /**
     * Student's t, of which a tenth is above, for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical
     * Methods, 1.3.6.7.2); beyond these the last is a little too large.
     */
    private static final double[] STUDENT = {
        3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337,
        1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310
    };

    /**
     * Projects a budget.
     *
     * @param samples what was spent in times of equal length, in billionths
     * @param length of each of them
     * @param perHour what is spent in an hour, if it is known
     */
    static Projection of(BudgetView budget, Instant now, long[] samples, Duration length, @Nullable Money perHour) {
        Money projected = budget.projected(now);
        if (projected == null || samples.length < LEAST_SAMPLES) {
            return new Projection(projected, null, null, perHour);
        }
        double left =
                Math.max(0, (double) Duration.between(now, budget.endsAt()).toNanos());
        double half = halfWidth(samples, left / length.toNanos());
        Money width = new Money((long) Math.min(Long.MAX_VALUE, half));
        Money low = projected.minus(width);
        return new Projection(
                projected, low.compareTo(budget.spent()) < 0 ? budget.spent() : low, projected.plus(width), perHour);
    }

    private static double halfWidth(long[] samples, double left) {
        int known = samples.length;
        double student = STUDENT[Math.min(known - 1, STUDENT.length) - 1];
        return student * deviation(samples) * Math.sqrt(left + left * left / known);
    }

    private static double deviation(long[] samples) {
        double mean = 0;
        for (long sample : samples) {
            mean += (double) sample / samples.length;
        }
        double squares = 0;
        for (long sample : samples) {
            squares += (sample - mean) * (sample - mean);
        }
        return Math.sqrt(squares / (samples.length - 1));
    }
}
