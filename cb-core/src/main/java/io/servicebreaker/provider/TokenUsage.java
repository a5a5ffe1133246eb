package io.servicebreaker.provider;

import io.servicebreaker.call.Usage;

/**
 * How many tokens calls of a model use. Immutable.
 *
 * @param calls calls whose usage is known, since the start
 * @param input tokens sent, of about the last twenty of them
 * @param output tokens received, likewise
 */
public record TokenUsage(long calls, Spread input, Spread output) {

    static final TokenUsage NONE = new TokenUsage(0, Spread.NONE, Spread.NONE);

    private static final double SMALLEST_WEIGHT = 0.05;

    /** The first calls weigh alike; later ones weigh the more the younger they are. */
    TokenUsage after(Usage usage) {
        double weight = Math.max(1.0 / (calls + 1), SMALLEST_WEIGHT);
        return new TokenUsage(calls + 1, input.after(usage.input(), weight), output.after(usage.output(), weight));
    }

    /**
     * Where numbers lie.
     *
     * @param mean their mean
     * @param variance the mean square of their distance from it
     */
    public record Spread(double mean, double variance) {

        static final Spread NONE = new Spread(0, 0);

        Spread after(double value, double weight) {
            double distance = value - mean;
            return new Spread(mean + weight * distance, (1 - weight) * (variance + weight * distance * distance));
        }

        /** The usual distance from the mean. */
        public double deviation() {
            return Math.sqrt(variance);
        }
    }
}
