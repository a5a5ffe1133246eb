package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Lognormal latencies: most are near the median, a few are far above it.
 *
 * @param sigma standard deviation of the logarithm; 0 makes every latency the median
 */
record LatencyModel(Duration median, double sigma) {

    private static final double NANOS = 1e9;

    Duration next(RandomGenerator random) {
        return seconds(median.toNanos() / NANOS * Math.exp(sigma * random.nextGaussian()));
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
