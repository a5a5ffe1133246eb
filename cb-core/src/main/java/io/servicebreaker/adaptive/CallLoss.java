package io.servicebreaker.adaptive;

import java.util.Arrays;

/**
 * What a call costs that ends badly, in units of one that would have succeeded and is refused.
 *
 * <p>Source: the incident replay of this project, {@code cb-benchmarks/README.md}. A failed call costs 0.5 for the trouble and
 * 1 more for each 30 s that its caller waited in vain; an answer costs 1 for each 30 s beyond the first 20. A call of 60 s or
 * more counts as one of 60 s.
 */
final class CallLoss {

    private static final double FAILURE = 0.5;
    private static final double SECONDS_PER_UNIT = 30;
    private static final double PATIENCE_SECONDS = 20;
    private static final double LONGEST_SECONDS = 60;
    private static final double[] SECONDS = seconds();
    private static final double[] OF_ANSWERS =
            Arrays.stream(SECONDS).map(CallLoss::ofAnswer).toArray();

    private CallLoss() {}

    /** The middle of each bucket, in proportion: they grow by a factor. */
    private static double[] seconds() {
        double[] middles = new double[Latencies.BUCKETS];
        for (int i = 0; i < middles.length; i++) {
            double upper = Latencies.upperNanos(i) / 1e9;
            double lower = Latencies.upperNanos(Math.max(0, i - 1)) / 1e9;
            middles[i] = Math.min(LONGEST_SECONDS, Math.sqrt(lower * upper));
        }
        return middles;
    }

    /** What a call took that is counted in a bucket, as far as it matters. */
    static double seconds(int bucket) {
        return SECONDS[bucket];
    }

    /** Loss by a failed call. */
    static double ofFailure(double seconds) {
        return FAILURE + Math.min(LONGEST_SECONDS, seconds) / SECONDS_PER_UNIT;
    }

    /** Loss by an answer. */
    static double ofAnswer(double seconds) {
        return Math.max(0, Math.min(LONGEST_SECONDS, seconds) - PATIENCE_SECONDS) / SECONDS_PER_UNIT;
    }

    /** 0 for none. */
    static double meanSeconds(long[] counts) {
        return mean(counts, SECONDS);
    }

    /** Mean loss by a failed call; that of a fast failure for none. */
    static double ofFailures(long[] counts) {
        return ofFailure(meanSeconds(counts));
    }

    /** Mean loss by an answer. */
    static double ofAnswers(long[] counts) {
        return mean(counts, OF_ANSWERS);
    }

    private static double mean(long[] counts, double[] each) {
        double calls = 0;
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            calls += counts[i];
            sum += counts[i] * each[i];
        }
        return calls == 0 ? 0 : sum / calls;
    }
}
