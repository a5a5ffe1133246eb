package io.servicebreaker.spring.actuate;

import io.servicebreaker.provider.TokenUsage;

/**
 * How many tokens calls of a model use, as the endpoint shows it.
 *
 * @param calls calls whose usage is known, since the start
 * @param input tokens sent by the last of them
 * @param output tokens received by the last of them
 */
record TokensView(long calls, SpreadView input, SpreadView output) {

    static TokensView of(TokenUsage usage) {
        return new TokensView(usage.calls(), SpreadView.of(usage.input()), SpreadView.of(usage.output()));
    }

    /** Rounded to a tenth of a token. */
    record SpreadView(double mean, double deviation) {

        static SpreadView of(TokenUsage.Spread spread) {
            return new SpreadView(rounded(spread.mean()), rounded(spread.deviation()));
        }

        private static double rounded(double tokens) {
            return Math.round(tokens * 10) / 10.0;
        }
    }
}
