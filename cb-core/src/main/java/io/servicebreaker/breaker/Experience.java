package io.servicebreaker.breaker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What calls of a service take and cost, learned from those that end: how long answers take while it is healthy, how long
 * failures take, and what a failure and a slow answer cost in units of one good answer.
 *
 * <p>Failures are counted on many threads; all else is for one thread at a time.
 */
final class Experience {

    /** Shares of the answers of a healthy service that have come by the end of each stage of waiting but the last. */
    private static final double[] ANSWERED = {0, 0.1, 0.25, 0.5, 0.8, 0.95, 0.99, 0.998};

    /** These shares of the standard normal distribution lie below. */
    private static final double[] NORMAL = {
        Double.NEGATIVE_INFINITY, -1.2816, -0.6745, 0, 0.8416, 1.6449, 2.3263, 2.8782
    };

    /** Stages of waiting, the first of which says nothing. */
    static final int STAGES = ANSWERED.length;

    /** Shares of failures that have not come by then, where nothing is known. */
    private static final double[] STILL_FAILING_AT_FIRST = {1, 0.5, 0.4, 0.3, 0.2, 0.15, 0.15, 0.15};

    private static final double LEAST_STILL_FAILING = 0.02;

    /** Whoever gets no answer has lost half of what one is worth, and a thirtieth for each second. */
    private static final double FAILURE = 0.5;

    private static final double A_SECOND = 1.0 / 30;

    /** Whoever waits longer has given up. */
    private static final long LONGEST_NANOS = 60_000_000_000L;

    /** An answer may take so long without being worth less. */
    private static final double PATIENCE_SECONDS = 20;

    private static final double FIRST_LOSS = 0.6;
    private static final double FIRST_MEDIAN_SECONDS = 3;
    private static final double FIRST_VARIANCE = 0.6;
    private static final double LEAST_VARIANCE = 0.05;
    private static final double LEAST_SECONDS = 0.001;

    private static final double LOSS_LEARNING = 0.1;
    private static final double STILL_FAILING_LEARNING = 0.05;
    private static final double LATENESS_LEARNING = 0.05;
    private static final double LATENCY_LEARNING = 0.01;

    /** However many failures come at once, what is known is not forgotten faster: they may be alike by chance. */
    private static final double MEMORY_SECONDS = 20;

    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong failureNanos = new AtomicLong();
    private final AtomicLongArray failuresByStage = new AtomicLongArray(STAGES);

    private long seenFailures;
    private long seenFailureNanos;
    private final long[] seenFailuresByStage = new long[STAGES];

    private final double[] stillFailing = STILL_FAILING_AT_FIRST.clone();
    private final long[] limits = new long[STAGES];
    private double loss = FIRST_LOSS;
    private double lateness;
    private double logMedian = Math.log(FIRST_MEDIAN_SECONDS);
    private double variance = FIRST_VARIANCE;
    private long learnedAt;

    Experience(long now) {
        learnedAt = now;
        setLimits();
    }

    /** A call has failed. Safe for use by many threads. */
    void failed(long durationNanos) {
        failureNanos.getAndAdd(Math.min(LONGEST_NANOS, durationNanos));
        failuresByStage.getAndIncrement(stage(durationNanos));
        failures.getAndIncrement();
    }

    /** In which stage of waiting a call is after so long. */
    int stage(long ageNanos) {
        int stage = 0;
        while (stage < STAGES - 1 && ageNanos >= limits[stage + 1]) {
            stage++;
        }
        return stage;
    }

    /** How likely a call is still under way in a stage, where calls fail at a rate. */
    double underWay(int stage, double rate) {
        return (1 - rate) * (1 - ANSWERED[stage]) + rate * stillFailing[stage];
    }

    /** What a failed call costs. */
    double loss() {
        return loss;
    }

    /** What an answer costs for coming late, while the service is not healthy. */
    double lateness() {
        return lateness;
    }

    double medianSeconds() {
        return Math.exp(logMedian);
    }

    /** A call has succeeded while trouble was so likely. */
    void succeeded(long durationNanos, double trouble) {
        double late = Math.max(0, durationNanos / 1e9 - PATIENCE_SECONDS) * A_SECOND;
        lateness += trouble * LATENESS_LEARNING * (late - lateness);
    }

    /** A call has succeeded while the service was healthy. Latencies are taken to be lognormal. */
    void answered(long durationNanos) {
        double off = Math.log(Math.max(LEAST_SECONDS, durationNanos / 1e9)) - logMedian;
        logMedian += LATENCY_LEARNING * off;
        variance = Math.max(LEAST_VARIANCE, variance + LATENCY_LEARNING * (off * off - variance));
        setLimits();
    }

    /** What was known before the application was started. */
    void recall(PastCalls past) {
        logMedian = Math.log(Math.max(LEAST_SECONDS, past.usualSeconds()));
        variance = Math.max(LEAST_VARIANCE, past.spread() * past.spread());
        if (past.failedSeconds() > 0) {
            loss = FAILURE + A_SECOND * past.failedSeconds();
        }
        setLimits();
    }

    private void setLimits() {
        double sigma = Math.sqrt(variance);
        for (int stage = 1; stage < STAGES; stage++) {
            limits[stage] = (long) (1e9 * Math.exp(logMedian + NORMAL[stage] * sigma));
        }
    }

    /** Takes in the failures that have been counted since the last time. */
    void learn(long now) {
        long count = failures.get() - seenFailures;
        if (count > 0) {
            long nanos = failureNanos.get() - seenFailureNanos;
            seenFailures += count;
            seenFailureNanos += nanos;
            double fresh = -Math.expm1(-Math.max(0, now - learnedAt) / 1e9 / MEMORY_SECONDS);
            learnedAt = Math.max(learnedAt, now);
            loss += weight(count, LOSS_LEARNING, fresh) * (FAILURE + A_SECOND * nanos / 1e9 / count - loss);
            learnStages(count, weight(count, STILL_FAILING_LEARNING, fresh));
        }
    }

    private static double weight(long count, double ofOne, double most) {
        return Math.min(most, -Math.expm1(count * Math.log1p(-ofOne)));
    }

    private void learnStages(long count, double weight) {
        long later = 0;
        for (int stage = STAGES - 1; stage > 0; stage--) {
            long seen = failuresByStage.get(stage);
            later += seen - seenFailuresByStage[stage];
            seenFailuresByStage[stage] = seen;
            double share = Math.min(1.0, (double) later / count);
            double learned = stillFailing[stage] + weight * (share - stillFailing[stage]);
            stillFailing[stage] = Math.min(1 - LEAST_STILL_FAILING, Math.max(LEAST_STILL_FAILING, learned));
        }
    }
}
